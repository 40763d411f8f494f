"""Where the command starts: nothing heavy is imported before it is known what is asked."""

import gc
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line and exit with a code by cause; never a traceback for wrong input.

    One command makes no garbage that is worth a search, and searching costs a tenth of its time;
    `batch`, which runs long, turns the collector on again.
    """
    gc.disable()
    from secondline.interfaces.cli.app import app, run  # noqa: PLC0415  # after the line above

    raise SystemExit(run(lambda: app(exit_on_error=False, print_error=False)))
