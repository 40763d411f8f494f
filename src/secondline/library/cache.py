"""What is made from a library, kept ready between processes, keyed by exactly what made it.

The key holds the edition, which is the hash of every knowledge file, and the hash of the code that
reads them; a change of either makes another key, so that a stale library is never used. What cannot
be read back is read from the files again: the cache saves time and decides nothing.
"""

import contextlib
import hashlib
import os
import pickle
import stat
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from platformdirs import user_cache_path

KEPT = 4  # editions of each kind; older ones are removed
PACKAGES = ("domain", "criteria", "library", "answers")  # whose objects are kept
LIBRARIES = ("pyahocorasick", "pystemmer", "lark", "pydantic")  # that made them


def cached(kind: str, edition: str) -> Any:
    """Return what was kept of an edition, or None when nothing is or it cannot be trusted.

    A file counts only when it and its folder belong to this user, nobody else may write to them,
    it is no link, and its content has the digest that it begins with.

    Args:
        kind: what is kept: "library", or "index" for what answers look things up in.
        edition: the edition of the library it was made from.
    """
    try:
        path = _path(kind, edition)
        if not _is_ours(path.parent) or not _is_ours(path):
            return None
        digest, _, content = path.read_bytes().partition(b"\n")
        if hashlib.sha256(content).hexdigest().encode() != digest:
            return None
        made = pickle.loads(content)
        os.utime(path)  # what is used is not what is removed first
    except Exception:  # whatever is wrong with it, it is made anew
        return None
    return made


def keep(kind: str, edition: str, made: object) -> None:
    """Keep what was made from an edition; where nothing can be written safely, nothing is kept."""
    content = pickle.dumps(made, pickle.HIGHEST_PROTOCOL)
    with contextlib.suppress(OSError, RuntimeError):  # RuntimeError: the user has no home
        path = _path(kind, edition)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_ours(path.parent):
            return
        with NamedTemporaryFile(dir=path.parent, delete=False) as partial:
            partial.write(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
        Path(partial.name).replace(path)  # at once: another process sees the whole file or none
        newest_first = sorted(path.parent.glob(f"*.{kind}"), key=_changed, reverse=True)
        for old in newest_first[KEPT:]:
            old.unlink(missing_ok=True)


def _changed(path: Path) -> float:
    return path.stat().st_mtime


def _is_ours(path: Path) -> bool:
    if not hasattr(os, "getuid"):
        return True  # a user's cache folder on Windows is closed to others
    status = path.lstat()
    return (
        status.st_uid == os.getuid()
        and not stat.S_ISLNK(status.st_mode)
        and not status.st_mode & 0o022
    )


def _path(kind: str, edition: str) -> Path:
    home = os.environ.get("SECONDLINE_HOME")
    folder = Path(home) / "cache" if home else user_cache_path("secondline")
    return folder / f"{edition}-{_code()}.{kind}"


@cache
def _code() -> str:
    """Return the hash of the code whose objects are kept, of its libraries and of Python."""
    total = hashlib.sha256(sys.version.encode())
    for library in LIBRARIES:
        total.update(f"{library} {version(library)}\0".encode())
    package = Path(__file__).parent.parent
    for name in PACKAGES:
        for path in sorted((package / name).iterdir()):
            if path.is_file():
                total.update(path.read_bytes())
    return total.hexdigest()[:16]
