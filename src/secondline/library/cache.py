"""What is made from a library, kept ready between processes, keyed by exactly what made it.

The key holds the edition, which is the hash of every knowledge file, and the hash of the code that
reads them; a change of either makes another key, so that a stale library is never used. What cannot
be read back is read from the files again: the cache saves time and decides nothing.
"""

import contextlib
import hashlib
import os
import pickle
import sys
from functools import cache
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

KEPT = 4  # editions of each kind; older ones are removed
PACKAGES = ("domain", "criteria", "library", "answers")  # whose objects are kept


def cached(kind: str, edition: str) -> Any:
    """Return what was kept of an edition, or None when nothing is or it cannot be trusted.

    A file counts only when it belongs to this user, nobody else may write to it, and its content
    has the digest that it begins with.

    Args:
        kind: what is kept: "library", or "index" for what answers look things up in.
        edition: the edition of the library it was made from.
    """
    path = _path(kind, edition)
    try:
        if not _is_ours(path):
            return None
        digest, _, content = path.read_bytes().partition(b"\n")
        if hashlib.sha256(content).hexdigest().encode() != digest:
            return None
        return pickle.loads(content)  # ours, see above
    except Exception:  # whatever is wrong with it, it is made anew
        return None


def keep(kind: str, edition: str, made: object) -> None:
    """Keep what was made from an edition; where nothing can be written, nothing is kept."""
    content = pickle.dumps(made, pickle.HIGHEST_PROTOCOL)
    path = _path(kind, edition)
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}")
        partial.touch(mode=0o600)
        partial.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
        partial.replace(path)  # at once: another process sees the whole file or none
        newest_first = sorted(path.parent.glob(f"*.{kind}"), key=_changed, reverse=True)
        for old in newest_first[KEPT:]:
            old.unlink(missing_ok=True)


def _changed(path: Path) -> float:
    return path.stat().st_mtime


def _is_ours(path: Path) -> bool:
    if not hasattr(os, "getuid"):
        return True  # a user's cache folder on Windows is closed to others
    status = path.stat()
    return status.st_uid == os.getuid() and not status.st_mode & 0o022


def _path(kind: str, edition: str) -> Path:
    home = os.environ.get("SECONDLINE_HOME")
    folder = Path(home) / "cache" if home else user_cache_path("secondline")
    return folder / f"{edition}-{_code()}.{kind}"


@cache
def _code() -> str:
    """Return the hash of the code whose objects are kept, and of the Python that keeps them."""
    total = hashlib.sha256(sys.version.encode())
    package = Path(__file__).parent.parent
    for name in PACKAGES:
        for path in sorted((package / name).glob("*.py")):
            total.update(path.read_bytes())
    return total.hexdigest()[:16]
