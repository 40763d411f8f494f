"""Pages: templates filled with what the desk says, for one visit."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, StreamingResponse

from secondline import __version__
from secondline.desk import Desk, figures
from secondline.interfaces.web import citations
from secondline.interfaces.web.assets import Asset, addresses, assets
from secondline.interfaces.web.difference_lines import difference_lines
from secondline.interfaces.web.form import Form, Tokens
from secondline.interfaces.web.masking import masked
from secondline.interfaces.web.sections import in_sections
from secondline.interfaces.web.sessions import signed_in

# Marks that turn the direction of writing: behind one, "OR 1=1" reads "1=1 RO".
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
LINKS = {
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/{}/",
    "pmcid": "https://pmc.ncbi.nlm.nih.gov/articles/{}/",
    "doi": "https://doi.org/{}",
    "registration": "https://clinicaltrials.gov/study/{}",
}


class Visit:
    """One request: the form that was sent, and the page that answers it."""

    def __init__(self, site: "Site", request: Request, form: Form) -> None:
        self.site = site
        self.desk = site.desk
        self.request = request
        self.form = form

    def page(self, name: str, status: int = 200, **content: Any) -> HTMLResponse:
        """Fill a template and set the cookie that ties its forms to this browser."""
        template, filling = self._filling(name, content)
        response = HTMLResponse(template.render(filling), status)
        self.site.tokens.keep(self._cookie, self.request, response)
        return response

    def page_in_sections(self, name: str, **content: Any) -> StreamingResponse:
        """Fill a template and send each section as soon as it is filled."""
        template, filling = self._filling(name, content)
        response = StreamingResponse(
            in_sections(template.generate(filling)), media_type="text/html"
        )
        self.site.tokens.keep(self._cookie, self.request, response)
        return response

    @cached_property
    def _cookie(self) -> str:
        return self.site.tokens.cookie_of(self.request)

    def _filling(self, name: str, content: dict[str, Any]) -> tuple[Template, dict[str, Any]]:
        token = masked(self.site.tokens.token(self._cookie, self.request))
        here = self.request.url.path
        filling = {
            "token": token, "here": here, "signed_in": signed_in(self.request),
            "answers_a_form": self.request.method == "POST", **content,
        }  # fmt: skip
        return self.site.templates.get_template(name), filling


@dataclass(frozen=True)
class Site:
    """What all pages share: the desk, the templates, the key of the forms."""

    desk: Desk
    tokens: Tokens
    sign_in_offered: bool = False

    @cached_property
    def assets(self) -> Mapping[str, Asset]:
        """The style sheet and the scripts, by name."""
        return assets()

    @cached_property
    def templates(self) -> Environment:
        """The templates; a name that is missing is an error, not an empty place."""
        environment = Environment(
            loader=PackageLoader("secondline.interfaces.web"),
            autoescape=select_autoescape(default_for_string=True, default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        library = self.desk.library
        environment.globals.update(
            library=library,
            sign_in_offered=self.sign_in_offered,
            edition=library.edition,
            newest=max(source.year or 0 for source in library.sources.values()),
            version=__version__,
            static=addresses(self.assets),
            link=link,
            citations=citations,
            standing=self.desk.standing,
            icon_array=self.desk.icon_array,
            comparable_with=lambda statement: self._comparable.get(statement.id, ()),
            title_of=lambda group: figures.title_of(group, library),
        )
        environment.tests["telling_a_share"] = figures.tells_a_share
        environment.filters["along"] = lambda share: f"{100 * share:.2f}".rstrip("0").rstrip(".")
        environment.filters["difference"] = difference_lines
        environment.filters["seen"] = lambda text: TURNING.sub(_code, text)
        environment.filters["words"] = lambda name: str(name).replace("-", " ").replace("_", " ")
        return environment

    @cached_property
    def _comparable(self) -> Mapping[str, list[figures.Comparable]]:
        """The groups of comparable findings that each statement has a finding in, by its id."""
        found: dict[str, list[figures.Comparable]] = {}
        for group in self.desk.comparable().groups:
            for id_ in dict.fromkeys(item.statement.id for item in group.items):
                found.setdefault(id_, []).append(group)
        return found


def link(kind: str, value: str) -> str:
    """Return where an identifier leads: on paper, to somebody with a network."""
    if kind == "registration" and not value.startswith("NCT"):
        return ""
    return LINKS[kind].format(value)


def _code(character: re.Match[str]) -> str:
    return f"[U+{ord(character[0]):04X}]"
