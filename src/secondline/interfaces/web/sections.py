"""A page sent in pieces: its head, then each section as soon as it is filled."""

import logging
from collections.abc import Iterable, Iterator
from itertools import chain

from secondline.interfaces.web.guard import place_of

LOGGER = logging.getLogger("secondline.web")
ENDS = ("</head>", "</header>", "</section>")  # after one of these a piece is sent
CUT_OFF = (
    '</section></article><p class="problems" role="alert">The page ends here: the rest of it could'
    " not be made. What stands above is as it was verified. Ask again for the whole answer.</p>"
)


def in_sections(filled: Iterable[str]) -> Iterator[str]:
    """Join the small parts in which a template is filled to pieces that end where a section ends.

    The first piece is made at once: an error in it is raised here, before anything is sent. After
    it an error cannot become an error page any more; the page then ends with a sentence that says
    so.
    """
    pieces = _joined(filled)
    first = next(pieces, "")
    return chain([first], _to_the_end(pieces))


def _joined(filled: Iterable[str]) -> Iterator[str]:
    waiting: list[str] = []
    for part in filled:
        waiting.append(part)
        if any(end in part for end in ENDS):
            yield "".join(waiting)
            waiting = []
    yield "".join(waiting)


def _to_the_end(pieces: Iterator[str]) -> Iterator[str]:
    try:
        yield from pieces
    except Exception as error:  # the page has begun; the visitor must learn that it is not whole
        LOGGER.error("%s", place_of(error))  # noqa: TRY400  # a traceback holds the message
        yield CUT_OFF
