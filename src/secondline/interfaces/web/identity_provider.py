"""The OpenID provider of an organization: where people sign in, and what it says of them, checked.

The one place of the pages that calls out, and only when sign-in is set up. What comes back is
bounded in time and size.
"""

import asyncio
import json
import ssl
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import quote, urlencode, urlsplit

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, KeySetSerialization, OctKey

from secondline.interfaces.web.bounded_transport import BoundedTransport
from secondline.interfaces.web.id_token import name_in, require_claims, signed_claims
from secondline.interfaces.web.own_address import is_loopback
from secondline.interfaces.web.provider_error import (
    ProviderError,
    ProviderUnreachableError,
    SignInRefusedError,
    of_any_shape,
)
from secondline.interfaces.web.sessions import Attempt
from secondline.interfaces.web.sign_in_settings import SignInSettings

SECONDS = 10.0  # for everything that one step asks of the provider
KEPT_SECONDS = 3_600.0  # for which the provider's own description and keys are believed
# What a token endpoint may say is wrong (RFC 6749, 5.2): the only words of its that are logged.
CAUSES = frozenset(
    {"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "invalid_scope"}
)


@dataclass
class IdentityProvider:
    """Asks the provider of an organization who somebody is."""

    settings: SignInSettings
    _described: Mapping[str, Any] = field(default_factory=dict, repr=False)
    _keys: KeySet | None = field(default=None, repr=False)
    _read_at: float = field(default=0.0, repr=False)
    _trusted: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)

    @property
    def return_address(self) -> str:
        """Where the provider sends people back to, as it must be registered there."""
        return f"{self.settings.address.origin}/sign-in/return"

    async def describe(self) -> Mapping[str, Any]:
        """Return how the provider describes itself.

        Raises:
            ProviderUnreachableError: it does not, or not as it must.
        """
        async with self._asking() as client:
            return await self._description(client)

    async def sign_in_address(self, state: str, attempt: Attempt) -> str:
        """Return the address at which somebody signs in.

        Raises:
            ProviderUnreachableError: the provider does not describe itself as it must.
        """
        async with self._asking() as client:
            described = await self._description(client)
            address, _ = client.create_authorization_url(
                described["authorization_endpoint"],
                state=state,
                nonce=attempt.nonce,
                code_verifier=attempt.verifier,
            )
        return str(address)

    async def person(self, code: str, attempt: Attempt) -> str:
        """Return who signed in, by the claim that names people.

        Args:
            code: what the provider sent along with the person.
            attempt: the sign-in that this ends.

        Raises:
            ProviderUnreachableError: the provider does not answer as it must.
            SignInRefusedError: it says something else than who signed in here and now.
        """
        async with self._asking() as client:
            described = await self._description(client)
            with of_any_shape("token"):
                token = await client.fetch_token(
                    described["token_endpoint"], code=code, code_verifier=attempt.verifier
                )
            claims = await self._verified(client, token, attempt.nonce)
            if self.settings.claim not in claims and "userinfo_endpoint" in described:
                claims = await self._more(client, described["userinfo_endpoint"], claims["sub"])
        return name_in(claims, self.settings.claim)

    async def sign_out_address(self) -> str | None:
        """Return the address at which people sign out of the provider, if it has one.

        The token that would spare its question whether they want to is not sent along: it would
        stand in the address, and so in the browser.
        """
        try:
            described = await self.describe()
        except ProviderError:
            return None
        if not (ends := described.get("end_session_endpoint")):
            return None
        asked = {
            "client_id": self.settings.client_id,
            "post_logout_redirect_uri": f"{self.settings.address.origin}/signed-out",
        }
        return f"{ends}{'&' if '?' in ends else '?'}{urlencode(asked)}"

    # What the provider says of itself

    async def _description(self, client: AsyncOAuth2Client) -> Mapping[str, Any]:
        """Return how the provider describes itself, read again every hour."""
        if time.time() - self._read_at >= KEPT_SECONDS:
            place = f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration"
            described = await _document(client, place)
            self._require_own(described)
            self._described, self._keys, self._read_at = described, None, time.time()
        methods = self._described.get("token_endpoint_auth_methods_supported")
        if methods and "client_secret_basic" not in methods and "client_secret_post" in methods:
            client.token_endpoint_auth_method = "client_secret_post"
        return self._described

    def _require_own(self, described: Mapping[str, Any]) -> None:
        """Require that a description is that of our provider, and leads nowhere in the open."""
        if described.get("issuer") != self.settings.issuer:
            raise ProviderUnreachableError(
                f"its description names the issuer {str(described.get('issuer'))[:200]!r}"
            )
        needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if missing := [name for name in needed if not described.get(name)]:
            raise ProviderUnreachableError(f"its description lacks {', '.join(missing)}")
        for name in (*needed, "userinfo_endpoint", "end_session_endpoint"):
            place = described.get(name)
            if place is None:
                continue
            if not isinstance(place, str) or not self._is_safe(place):
                raise ProviderUnreachableError(f"its {name} is not an https address")

    def _is_safe(self, place: str) -> bool:
        """Say whether nobody listens on the way to an address: TLS, or all on this machine."""
        parts = urlsplit(place)
        if parts.fragment or not parts.hostname:
            return False
        local = self.settings.issuer.startswith("http:") and is_loopback(parts.hostname)
        return parts.scheme == "https" or (parts.scheme == "http" and local)

    async def _key_set(self, client: AsyncOAuth2Client, *, anew: bool = False) -> KeySet:
        """Return the public keys of the provider."""
        if self._keys is None or anew:
            document = await _document(client, self._described["jwks_uri"])
            with of_any_shape("keys"):
                keys = KeySet.import_key_set(cast(KeySetSerialization, document))
            self._keys = KeySet([key for key in keys if not isinstance(key, OctKey)])
        return self._keys

    # What the provider says of a person

    async def _verified(
        self, client: AsyncOAuth2Client, token: Mapping[str, Any], nonce: str
    ) -> dict[str, Any]:
        """Return the claims of an ID token, once all about it was checked."""
        signed = token.get("id_token")
        if not isinstance(signed, str):
            raise SignInRefusedError("no ID token")
        try:
            read = signed_claims(signed, await self._key_set(client))
        except InvalidKeyIdError:  # the provider has a new key
            read = signed_claims(signed, await self._key_set(client, anew=True))
        return require_claims(read, self.settings, nonce, token.get("access_token"))

    async def _more(self, client: AsyncOAuth2Client, place: str, subject: str) -> dict[str, Any]:
        """Return the claims that the provider gives only when asked, of the same person."""
        claims = await _document(client, place, withhold_token=False)
        if claims.get("sub") != subject:
            raise SignInRefusedError("the user information is of somebody else")
        return claims

    @asynccontextmanager
    async def _asking(self) -> AsyncIterator[AsyncOAuth2Client]:
        """Ask the provider something, within the time for a step, and say plainly what failed."""
        with _told():
            async with (
                asyncio.timeout(SECONDS),
                AsyncOAuth2Client(
                    self.settings.client_id,
                    self.settings.client_secret,
                    scope=self.settings.scope,
                    redirect_uri=self.return_address,
                    code_challenge_method="S256",
                    transport=BoundedTransport(self._trusted),
                    # Its own limits are for single steps; the time for everything is that above.
                    timeout=SECONDS,
                    trust_env=False,
                    headers={"accept": "application/json", "accept-encoding": "identity"},
                ) as client,
            ):
                client.register_client_auth_method(("client_secret_basic", _basic))
                yield client


@contextmanager
def _told() -> Iterator[None]:
    """Turn what may go wrong into why it did, without anything that was sent or received."""
    try:
        yield
    except TimeoutError:
        raise ProviderUnreachableError(f"no answer within {SECONDS:g} seconds") from None
    except httpx2.HTTPStatusError as error:
        raise ProviderUnreachableError(f"HTTP status {error.response.status_code}") from None
    except httpx2.HTTPError as error:
        raise ProviderUnreachableError(f"no connection ({type(error).__name__})") from None
    except OAuthError as error:
        cause = error.error if str(error.error) in CAUSES else "no known cause"
        raise SignInRefusedError(f"the provider does not take the code ({cause})") from None
    except JoseError as error:
        about = getattr(error, "claim", None) or error.error
        raise SignInRefusedError(f"the ID token does not hold ({about})") from None
    except (ValueError, RecursionError) as error:
        kind = type(error).__name__
        raise ProviderUnreachableError(f"its answer cannot be read ({kind})") from None


async def _document(
    client: AsyncOAuth2Client, place: str, *, withhold_token: bool = True
) -> dict[str, Any]:
    """Return a JSON object from an address."""
    response = await client.request("GET", place, withhold_token=withhold_token)
    if response.status_code != 200:
        raise ProviderUnreachableError(f"HTTP status {response.status_code}")
    document = json.loads(response.content)
    if not isinstance(document, dict):
        raise ProviderUnreachableError("its answer is not a JSON object")
    return document


def _basic(
    client: Any, _method: str, address: str, headers: dict[str, str], body: Any
) -> tuple[str, dict[str, str], Any]:
    """Show the id and the secret of this service as RFC 6749, 2.3.1, has it: encoded, joined."""
    pair = ":".join(quote(each, safe="") for each in (client.client_id, client.client_secret))
    headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    return address, headers, body
