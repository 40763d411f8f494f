"""Calls to the provider, bounded in what is read of an answer."""

import ssl
from typing import cast

import httpx2

from secondline.interfaces.web.provider_error import ProviderUnreachableError

LARGEST_REPLY = 1_000_000  # bytes; a document of keys or a token is some kB


class BoundedTransport(httpx2.AsyncBaseTransport):
    """Reads no more of an answer than an answer may have, and nothing that was compressed.

    No proxy and no stored password is taken from the environment, and no redirect is followed.
    """

    def __init__(self, trusted: ssl.SSLContext) -> None:
        self._network = httpx2.AsyncHTTPTransport(verify=trusted, trust_env=False)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request and return the answer.

        Raises:
            ProviderUnreachableError: it is too large, or compressed.
        """
        response = await self._network.handle_async_request(request)
        body = bytearray()
        try:
            if response.headers.get("content-encoding", "identity") != "identity":
                raise ProviderUnreachableError("its answer is compressed")
            async for piece in cast(httpx2.AsyncByteStream, response.stream):
                body += piece
                if len(body) > LARGEST_REPLY:
                    raise ProviderUnreachableError(f"its answer has over {LARGEST_REPLY:,} bytes")
        finally:
            await response.aclose()
        return httpx2.Response(
            response.status_code, headers=response.headers, content=bytes(body), request=request
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._network.aclose()
