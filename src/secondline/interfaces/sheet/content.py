"""What stands on a sheet, in full, and the order in which it is given room."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, zip_longest

from secondline import desk
from secondline.interfaces.cli.text import UNREVIEWED

DIGEST_SHOWN = 16  # digits: enough to know an answer again
Step = tuple[int, int]  # the block and the entry in it that is given room for one more piece
LONGEST_GIVEN = 400  # characters of a fact or a question; a page must hold it beside the rest


@dataclass(frozen=True, slots=True)
class Piece:
    """A few words of an entry, and the references they cite; `lead` stands before them, bold."""

    text: str
    citations: tuple[int, ...] = ()
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that is shown, shortened or left out, such as an option.

    Attributes:
        pieces: in the order in which they are shown; the last are left out first.
        group: entries of one group stand together under it, such as a role; empty for none.
        together: how many of the first pieces are shown only together.
        cautioned: marked, also where there is no room for the words of the caution.
        weight: how many things it stands for, such as figures of one population.
    """

    pieces: tuple[Piece, ...]
    group: str = ""
    together: int = 1
    cautioned: bool = False
    weight: int = 1

    @property
    def steps(self) -> int:
        """How many steps of an order show it whole."""
        return 1 + len(self.pieces) - self.together


@dataclass(frozen=True, slots=True)
class Block:
    """Entries under one heading.

    Attributes:
        note: what a reader must know about all of them.
        one, many: what its entries are, for what is left out: "option", "options".
        form: "list", "facts" (labels and values side by side) or "box" (set apart).
    """

    heading: str
    entries: tuple[Entry, ...]
    one: str
    many: str
    note: str = ""
    form: str = "list"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, before it is fitted to its page.

    Attributes:
        kind, title: what it is, and what it is about.
        opening: pairs of a name and its words above everything else, such as the question.
        order: what is given room first; a prefix of it is shown.
        full: where the reader finds what is left out: "secondline assess".
        standing, origin, disclaimer: stand on every sheet, whatever is left out.
        generous: large print for families, in one column.
    """

    kind: str
    title: str
    opening: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    order: tuple[Step, ...]
    references: tuple[desk.Reference, ...]
    full: str
    standing: str
    origin: str
    disclaimer: str
    generous: bool = False


def whole(block: int, entry: int, content: Entry) -> list[Step]:
    """Return the steps that show an entry with all its pieces."""
    return [(block, entry)] * content.steps


def in_turn(*streams: Iterable[list[Step]]) -> Iterator[Step]:
    """Yield from every stream in turn, so that no section takes the room of another."""
    for turn in zip_longest(*streams, fillvalue=()):
        yield from chain.from_iterable(turn)


def completed(order: Iterable[Step], blocks: tuple[Block, ...]) -> tuple[Step, ...]:
    """Add to an order what it does not name, block by block; nothing is without its place."""
    steps = list(order)
    named = Counter(steps)
    for block, each in enumerate(blocks):
        for entry, content in enumerate(each.entries):
            steps += [(block, entry)] * (content.steps - named[block, entry])
    return tuple(steps)


def cut(words: str, longest: int = LONGEST_GIVEN) -> str:
    """Shorten words that someone has typed, and say by how much."""
    if len(words) <= longest:
        return words
    return f"{words[:longest]}… ({len(words) - longest:,} more characters are left out)"


def standing_told(review: Mapping[str, int]) -> str:
    """Say how many of the statements used have which editorial standing."""
    counts = ", ".join(f"{count} {standing}" for standing, count in review.items())
    return f"Editorial standing of the statements used: {counts}. {UNREVIEWED}"


def origin(what: str, edition: str, digest: str, library: desk.Library) -> str:
    """Say what a sheet was made from: the edition, a digest, and the checkpoint of the review.

    The checkpoint is that of the library that is open; where that is another edition, or nothing
    was ever reviewed in it, the sheet names none.
    """
    made = f"Edition {edition}. Digest of the {what} {digest[:DIGEST_SHOWN]}."
    log = library.log
    if not log.size or edition != library.edition:
        return made
    return f"{made} Checkpoint of the review: {log.size} entries, root {log.root}."


def capitalized(name: str) -> str:
    """Begin a name with a capital, and leave the rest of it as it is."""
    return name[:1].upper() + name[1:]
