"""Tables of XML as grids: a cell that spans several places is written in each of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from secondline.literature.marked import name_of, words
from secondline.literature.records import Cell
from secondline.literature.splitting import Element

Grid = tuple[tuple[Cell, ...], ...]

WIDEST = 1000  # columns; a span beyond is a mistake, or an attack on memory
LARGEST = 200_000  # places of one grid


class TableError(ValueError):
    """A table cannot be written as a grid; the message says why."""


@dataclass(frozen=True, slots=True)
class _Entry:
    text: str
    header: bool
    rows: int
    columns: int
    column: int | None = None  # where the source says in which column it begins


def html_grid(table: Element) -> Grid:
    """Return the grid of an XHTML table, as in JATS.

    Raises:
        TableError: it is larger than any table that is printed.
    """
    rows: list[list[_Entry]] = []
    for row in table.iter():
        if name_of(row) != "tr":
            continue
        in_head = any(name_of(above) == "thead" for above in row.iterancestors())
        rows.append([_html_entry(cell, in_head) for cell in row if name_of(cell) in {"td", "th"}])
    return _grid(rows)


def _html_entry(cell: Element, in_head: bool) -> _Entry:
    return _Entry(
        text=_cell_words(cell),
        header=in_head or name_of(cell) == "th",
        rows=_span(cell.get("rowspan")),
        columns=_span(cell.get("colspan")),
    )


def cals_grid(table: Element) -> Grid:
    """Return the grid of a CALS table, as in PDQ; its groups stand one below the other.

    Raises:
        TableError: it is larger than any table that is printed.
    """
    return filled(row for group in _named(table, "tgroup") for row in _group_grid(group))


def _group_grid(group: Element) -> Grid:
    columns = {
        _attribute(each, "colname"): _number(_attribute(each, "colnum")) or number
        for number, each in enumerate(_named(group, "colspec"), start=1)
    }
    rows = [
        [
            _cals_entry(entry, columns, part == "thead")
            for entry in row
            if name_of(entry).lower() == "entry"
        ]
        for part in ("thead", "tbody", "tfoot")
        for rows_of in _named(group, part)
        for row in _named(rows_of, "row")
    ]
    return _grid(rows)


def _cals_entry(entry: Element, columns: dict[str, int], header: bool) -> _Entry:
    first = columns.get(_attribute(entry, "namest") or _attribute(entry, "colname"))
    last = columns.get(_attribute(entry, "nameend"))
    return _Entry(
        text=_cell_words(entry),
        header=header,
        rows=(_number(_attribute(entry, "morerows")) or 0) + 1,
        columns=last - first + 1 if first and last and last >= first else 1,
        column=first - 1 if first else None,
    )


def _named(parent: Element, name: str) -> Iterator[Element]:
    return (child for child in parent if name_of(child).lower() == name)


def _attribute(element: Element, name: str) -> str:
    """Return an attribute whose name is spelled with capitals in some sources."""
    return next((str(value) for key, value in element.items() if str(key).lower() == name), "")


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 7 else None


def _span(text: str | None) -> int:
    return max(1, _number((text or "").strip()) or 1)


def _cell_words(cell: Element) -> str:
    text = words(cell)
    if not text and any("graphic" in name_of(each) for each in cell.iter()):
        return "[image]"
    return text


def _grid(rows: Sequence[Sequence[_Entry]]) -> Grid:
    """Lay entries out: a row takes the places that the rows above have not taken."""
    taken: dict[tuple[int, int], Cell] = {}
    for number, row in enumerate(rows):
        column = 0
        for entry in row:
            if entry.column is not None and (number, entry.column) not in taken:
                column = entry.column
            while (number, column) in taken:
                column += 1
            rows_covered = min(entry.rows, len(rows) - number)
            columns_covered = min(entry.columns, WIDEST - column)
            if columns_covered < 1 or len(taken) + rows_covered * columns_covered > LARGEST:
                raise TableError("it is larger than any printed table")
            for down in range(rows_covered):
                for right in range(columns_covered):
                    taken.setdefault(
                        (number + down, column + right),
                        Cell(text=entry.text, header=entry.header, spanned=bool(down or right)),
                    )
            column += columns_covered
    width = max((column + 1 for _, column in taken), default=0)
    empty = Cell(text="")
    return tuple(
        tuple(taken.get((number, column), empty) for column in range(width))
        for number in range(len(rows))
    )


def filled(rows: Iterable[tuple[Cell, ...]]) -> Grid:
    """Return rows with as many cells each as the longest of them."""
    listed = tuple(rows)
    width = max(map(len, listed), default=0)
    return tuple((*row, *(Cell(text="") for _ in range(width - len(row)))) for row in listed)
