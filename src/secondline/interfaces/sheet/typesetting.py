"""The page as PDF or PNG, set by the library typst; the same content gives the same bytes."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from secondline.interfaces.sheet.content import Sheet
from secondline.interfaces.sheet.fitting import Page, Paper, fitted
from secondline.interfaces.sheet.sheet_error import SheetError

if TYPE_CHECKING:
    import typst

HERE = Path(__file__).parent
STANDARD = "ua-1"  # PDF/UA-1: tagged, with a title and a language, for screen readers


class Typeset:
    """A sheet set on one page."""

    def __init__(self, sheet: Sheet, paper: Paper) -> None:
        """Fit the sheet to its page.

        Raises:
            SheetError: the typesetting library is not installed.
        """
        self._compiler = _compiler()
        self._set: dict[str, bytes] = {}
        result = fitted(sheet, paper, self._fits)
        self._page = result.page
        self.left_out = result.left_out

    def written(self, form: Literal["pdf", "png"] = "pdf") -> bytes:
        """Return the page as PDF, or as a picture of it."""
        return self._compiled(self._page, form)

    def _fits(self, page: Page) -> bool:
        self._compiled(page, "pdf")
        (pages,) = json.loads(self._compiler.query("<pages>", field="value"))
        return bool(pages == 1)

    def _compiled(self, page: Page, form: Literal["pdf", "png"]) -> bytes:
        standards: dict[str, Any] = {"pdf_standards": [STANDARD]} if form == "pdf" else {}
        made = self._compiler.compile(
            sys_inputs={"page": json.dumps(page)},
            format=form,
            timestamp=0,  # no clock: the same content gives the same bytes
            ppi=150.0,
            **standards,
        )
        assert isinstance(made, bytes)
        return made


def _compiler() -> "typst.Compiler":
    try:
        # Only a sheet needs it; it is an extra, and heavy to load.
        import typst  # noqa: PLC0415
    except ModuleNotFoundError:
        raise SheetError(
            "the sheet needs the typesetting library typst; install it with:"
            " pip install 'secondline[sheet]'"
        ) from None
    return typst.Compiler(
        HERE / "sheet.typ", root=HERE, font_paths=[HERE / "fonts"], ignore_system_fonts=True
    )
