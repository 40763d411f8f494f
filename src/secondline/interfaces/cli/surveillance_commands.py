"""The command of surveillance: what is new in the literature about the statements."""

import gc
import json
from contextlib import ExitStack
from dataclasses import asdict
from typing import Annotated

from cyclopts import Parameter

from secondline import desk
from secondline.interfaces import contract
from secondline.interfaces.cli import surveillance_text
from secondline.interfaces.cli.review_commands import Store, room_of
from secondline.interfaces.cli.terminal import OK, Json, Knowledge, print_line, progress


def watch(  # noqa: PLR0913  # an option is a parameter
    *,
    all_: Annotated[bool, Parameter(name="--all", negative="")] = False,
    from_year: int | None = None,
    marks: Annotated[bool, Parameter(negative="")] = False,
    as_: Annotated[str | None, Parameter(name="--as")] = None,
    store: Store = None,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Print what is new about the statements since the last look, and mark them for the editors.

    Every document that was added or changed is held against the standing queries (the disease,
    the setting and the intervention of the statements) and against the cited sources. A match, a
    retraction, a correction, an expression of concern or a deletion marks the statements that it
    concerns, once. No answer changes: that is for the editors.

    Parameters
    ----------
    all_:
        Look at all that is held, also at what was looked at before.
    from_year:
        Match only documents of this year or later; notices about sources count always.
    marks:
        Print every mark that was made so far, and do not look.
    as_:
        Your name, as it was enrolled: the marks go into the queue of the editorial room, also
        those of earlier looks that wait.
    """
    gc.enable()  # this runs long
    upkeep = desk.open(knowledge).upkeep()
    if marks:
        made = upkeep.marks()
        listed = json.dumps([asdict(each) for each in made], ensure_ascii=False, indent=2)
        print_line(listed if as_json else surveillance_text.marks(made))
        return OK
    with ExitStack() as opened, progress() as show:
        inbox = (
            None if as_ is None else opened.enter_context(room_of(knowledge, store)).inbox(who=as_)
        )
        found = upkeep.watch(inbox, everything=all_, from_year=from_year, progress=show)
    print_line(contract.json_text(found) if as_json else surveillance_text.watched(found))
    return OK
