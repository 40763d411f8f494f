"""The style sheet and the scripts: read and compressed once, kept by browsers by their digest."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

FOLDER = files("secondline.interfaces.web").joinpath("static")
TYPES = {".css": "text/css", ".js": "text/javascript"}
A_YEAR = 31_536_000  # seconds


@dataclass(frozen=True, slots=True)
class Asset:
    """A file for browsers.

    Attributes:
        digest: the beginning of its SHA-256, which is part of its address.
        compressed: the content by gzip.
    """

    content: bytes
    compressed: bytes
    digest: str
    media_type: str


def assets() -> Mapping[str, Asset]:
    """Read the files for browsers, by name."""
    return {
        file.name: _asset(file.read_bytes(), TYPES[ending])
        for file in FOLDER.iterdir()
        if (ending := f".{file.name.rpartition('.')[2]}") in TYPES
    }


def _asset(content: bytes, media_type: str) -> Asset:
    digest = sha256(content).hexdigest()[:12]
    return Asset(content, gzip.compress(content, mtime=0), digest, media_type)


def addresses(held: Mapping[str, Asset]) -> Mapping[str, str]:
    """Return the address of every file; it changes with the content."""
    return {name: f"/static/{name}?{asset.digest}" for name, asset in held.items()}


def sent(held: Mapping[str, Asset], request: Request) -> Response:
    """Return a file; a browser keeps it where the address names this very content.

    Raises:
        HTTPException: 404, there is no such file.
    """
    asset = held.get(request.path_params["name"])
    if asset is None:
        raise HTTPException(404)
    named = request.url.query == asset.digest
    headers = {
        "cache-control": f"public, max-age={A_YEAR}, immutable" if named else "no-cache",
        "vary": "Accept-Encoding",
    }
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(asset.content, media_type=asset.media_type, headers=headers)
    headers["content-encoding"] = "gzip"
    return Response(asset.compressed, media_type=asset.media_type, headers=headers)
