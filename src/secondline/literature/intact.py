"""Whether the files of an index are still what was written: their sizes and checksums."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

CHECKED_AT_OPENING = 64 << 20  # bytes of one part; as many are read in a twentieth of a second

Sums = Mapping[str, tuple[int, str]]  # by a file's name in the index: its bytes, their SHA-256


def sums_of(folder: Path, part: Path) -> dict[str, tuple[int, str]]:
    """Return the sizes and checksums of the files below a part of an index.

    Args:
        folder: of the index.
        part: a folder in it. Files that begin with a dot are of the engine, and written at will.
    """
    found = {}
    for path in sorted(part.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            with path.open("rb") as file:
                sum_ = hashlib.file_digest(file, "sha256").hexdigest()
            found[path.relative_to(folder).as_posix()] = (path.stat().st_size, sum_)
    return found


def within(sums: Sums, part: str, *, without: str = "") -> Sums:
    """Return those of the files below a part, without those below another."""
    return {
        name: sum_
        for name, sum_ in sums.items()
        if name.startswith(f"{part}/") and not (without and name.startswith(f"{without}/"))
    }


def damaged_at_opening(folder: Path, sums: Sums) -> str | None:
    """Say which file is not what was written; of large parts, by their sizes alone."""
    whole = sum(size for size, _ in sums.values()) <= CHECKED_AT_OPENING
    return next(damages(folder, sums, contents=whole), None)


def damages(folder: Path, sums: Sums, *, contents: bool = True) -> Iterator[str]:
    """Yield what is wrong with each file that is not what was written.

    Args:
        folder: of the index.
        sums: of the files that are looked at.
        contents: read them and compare their checksums, and not the sizes alone.
    """
    for name, (size, sum_) in sums.items():
        path = folder / name
        try:
            found = path.stat().st_size
            if found != size:
                yield f"its file {name} is damaged: it has {found:,} bytes, {size:,} were written"
            elif contents:
                with path.open("rb") as file:
                    if hashlib.file_digest(file, "sha256").hexdigest() != sum_:
                        yield f"its file {name} is damaged: bytes in it are not what was written"
        except FileNotFoundError:
            yield f"its file {name} is missing"
        except OSError as error:
            yield f"its file {name} cannot be read: {error.strerror}"
