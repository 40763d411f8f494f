"""A visitor without JavaScript: asks for pages, and sends their forms as a browser does."""

import html
import re

from starlette.testclient import TestClient

from secondline.interfaces.web.application import application

HERE = "http://127.0.0.1:8000"


class Visitor:
    """A browser without scripts."""

    def __init__(self, desk, **settings):
        self.client = TestClient(application(desk, **settings), base_url=HERE)

    def get(self, address, **more):
        return self.client.get(address, **more)

    def post(self, address, page="/", headers=None, **fields):
        """Send a form from a page of this server; dots in names of fields are double underscores."""
        token = value_of(self.get(page).text, "token")
        named = {name.replace("__", "."): value for name, value in fields.items()}
        return self.client.post(address, data={"token": token, **named}, headers=headers)


def value_of(text, name):
    """Return the value of the first hidden field of a name."""
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', text)
    assert found, f"no field {name}"
    return html.unescape(found[1])


def words(response):
    """Return the text of a page in one line, without its mark-up."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", response.text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())
