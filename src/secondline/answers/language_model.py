"""The one place that calls a language model: an OpenAI-compatible endpoint, bounded in all it does.

Off unless it is asked for. Nothing is tried twice, no redirect is followed, no proxy and no stored
password is taken from the environment; what is sent stands in the body, never in an address or
a log. What comes back is only text; whoever asked for it decides what of it counts.
"""

import json
import os
import threading
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

URL, NAME, KEY, SECONDS = (f"SECONDLINE_LLM_{part}" for part in ("URL", "MODEL", "KEY", "SECONDS"))
USUAL_SECONDS = 5.0
MOST_SECONDS = 300.0
LARGEST_REPLY = 1_000_000  # bytes; a reply to one request is some kB
GRACE = 1.0  # seconds in which a request whose time is up may end by itself
PATH = "/chat/completions"


class ModelSettingsError(ValueError):
    """A language model was asked for and cannot be called as it is set up."""


class ModelFailureError(Exception):
    """A language model did not give a usable reply; the message says why, and holds none of it."""


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """Where a language model answers.

    Attributes:
        url: of the API, to which /chat/completions is added: http://127.0.0.1:8080/v1
        name: of the model.
        key: sent as a bearer token; None where the endpoint needs none.
        seconds: for everything that one answer asks of it.
    """

    url: str
    name: str
    key: str | None = field(default=None, repr=False)
    seconds: float = USUAL_SECONDS

    def __post_init__(self) -> None:
        _require_address(self.url)
        if not self.name.strip():
            raise ModelSettingsError(f"the language model has no name; set {NAME}")
        if not 0 < self.seconds <= MOST_SECONDS:
            raise ModelSettingsError(
                f"{self.seconds} seconds for a language model; expected more than 0 and at most"
                f" {MOST_SECONDS:g}"
            )


def from_environment() -> LanguageModel:
    """Return the language model that the environment sets up: SECONDLINE_LLM_URL, _MODEL, ...

    Raises:
        ModelSettingsError: the address or the name is missing or wrong.
    """
    seconds = os.environ.get(SECONDS, str(USUAL_SECONDS))
    try:
        limit = float(seconds)
    except ValueError:
        raise ModelSettingsError(f"{SECONDS} is {seconds!r}; expected seconds, such as 5") from None
    return LanguageModel(
        url=os.environ.get(URL, ""),
        name=os.environ.get(NAME, ""),
        key=os.environ.get(KEY) or None,
        seconds=limit,
    )


class Session:
    """What one answer asks of a language model, bounded together."""

    def __init__(self, model: LanguageModel) -> None:
        self.model = model
        self._end = monotonic() + model.seconds

    def complete(self, instruction: str, content: str) -> str:
        """Return the text with which the model replies.

        Args:
            instruction: what to do, the system message.
            content: what to do it with, the user message: data.

        Raises:
            ModelFailureError: there is no usable reply, or the time of the answer is up.
        """
        left = self._end - monotonic()
        if left <= 0:
            raise self._late()
        import asyncio  # noqa: PLC0415  # answers do without a model, and without this import

        replies: list[str | Exception] = []

        def work() -> None:
            try:
                replies.append(_text(asyncio.run(asyncio.wait_for(self._post(messages), left))))
            except Exception as error:  # whatever went wrong, the answer stands without it
                replies.append(error)

        messages = [
            {"role": "system", "content": instruction},
            {"role": "user", "content": content},
        ]
        # A thread of its own: the caller may run an event loop, and looking up a name cannot be
        # interrupted, so that only leaving the thread behind keeps to the time.
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        thread.join(left + GRACE)
        reply = replies[0] if replies else TimeoutError()
        if isinstance(reply, str):
            return reply
        if isinstance(reply, TimeoutError):
            raise self._late()
        if isinstance(reply, ModelFailureError):
            raise reply
        raise ModelFailureError(f"it could not be reached or understood ({type(reply).__name__})")

    def _late(self) -> ModelFailureError:
        return ModelFailureError(f"it did not answer within {self.model.seconds:g} seconds")

    async def _post(self, messages: list[dict[str, str]]) -> bytes:
        from httpx2 import AsyncClient  # noqa: PLC0415  # an extra, and answers do without it

        headers = {"Accept-Encoding": "identity"}
        if self.model.key:
            headers["Authorization"] = f"Bearer {self.model.key}"
        body = {
            "model": self.model.name,
            "messages": messages,
            "temperature": 0,
            "stream": False,
        }
        url = self.model.url.rstrip("/") + PATH
        received = bytearray()
        async with (
            AsyncClient(trust_env=False, timeout=None) as client,
            client.stream("POST", url, json=body, headers=headers) as response,
        ):
            if response.status_code != 200:
                raise ModelFailureError(f"it answered with HTTP status {response.status_code}")
            async for piece in response.aiter_raw():
                received += piece
                if len(received) > LARGEST_REPLY:
                    raise ModelFailureError(f"its reply is longer than {LARGEST_REPLY:,} bytes")
        return bytes(received)


def _text(received: bytes) -> str:
    """Return the text of the first choice of a chat completion."""
    try:
        text = json.loads(received)["choices"][0]["message"]["content"]
    except (ValueError, RecursionError, LookupError, TypeError):
        raise ModelFailureError("its reply is not a chat completion") from None
    if not isinstance(text, str):
        raise ModelFailureError("its reply holds no text")
    return text


def json_object(text: str) -> dict[str, Any]:
    """Return the JSON object in a model's text; what stands around it, such as a fence, is left.

    Raises:
        ModelFailureError: there is none, or it is cut.
    """
    begin, end = text.find("{"), text.rfind("}")
    try:
        found = json.loads(text[begin : end + 1])
    except (ValueError, RecursionError):
        raise ModelFailureError("its text holds no JSON that can be read") from None
    if not isinstance(found, dict):
        raise ModelFailureError("its text holds no JSON that can be read")
    return found


def _require_address(url: str) -> None:
    if not url:
        raise ModelSettingsError(f"no language model is set up; set {URL} and {NAME}")
    try:
        parts = urlsplit(url)
        plain = parts.hostname and not parts.username and not parts.password and parts.port != 0
    except ValueError:
        parts, plain = urlsplit(""), False
    if parts.scheme not in {"http", "https"} or not plain or parts.query or parts.fragment:
        raise ModelSettingsError(
            f"{URL} is not the address of an API, such as http://127.0.0.1:8080/v1:"
            f" http or https, a host, and neither a password nor a query in it (use {KEY})"
        )


def require_client() -> None:
    """Say what is missing before anything is asked.

    Raises:
        ModelSettingsError: the HTTP client is not installed.
    """
    try:
        import httpx2  # noqa: F401, PLC0415
    except ImportError:
        raise ModelSettingsError(
            "a language model needs the package httpx2: pip install 'secondline[llm]'"
        ) from None
