"""The ID token, by which a provider says who signed in: what is checked before it counts.

Source:
    OpenID Connect Core 1.0, section 3.1.3.7.
"""

from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from secondline.interfaces.web.provider_error import SignInRefusedError, of_any_shape
from secondline.interfaces.web.sign_in_settings import SignInSettings

CLOCK_SKEW = 120  # seconds by which two clocks may differ
LONGEST_NAME = 100  # characters; the review log takes no longer name
# Signatures by a key that only the provider has. "none" proves nothing, and HS256 would make a
# secret of what is public: neither is taken, whatever the provider says that it supports.
ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519",
)  # fmt: skip
REGISTRY = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)


def signed_claims(token: str, keys: KeySet) -> jwt.Token:
    """Return what stands in a token, if one of the keys signed it.

    Raises:
        JoseError: none did, or not in a way that counts; InvalidKeyIdError for a key that is not
            among them.
        ProviderUnreachableError: it cannot be read.
    """
    with of_any_shape("ID token"):
        return jwt.decode(token, keys, registry=REGISTRY)


def require_claims(
    token: jwt.Token, settings: SignInSettings, nonce: str, access_token: str | None
) -> dict[str, Any]:
    """Return the claims of a signed token, if they are of our provider, for us, and of now.

    Args:
        token: signed by the provider.
        settings: the issuer, and the client that is meant.
        nonce: of the sign-in that this ends.
        access_token: that came along, if one did.

    Raises:
        JoseError: a claim is missing or wrong.
        ProviderUnreachableError: the token cannot be read.
    """
    claims = CodeIDToken(
        token.claims,
        token.header,
        {
            "iss": {"essential": True, "value": settings.issuer},
            "aud": {"essential": True, "value": settings.client_id},
            "sub": {"essential": True},
        },
        {"nonce": nonce, "client_id": settings.client_id, "access_token": access_token},
    )
    with of_any_shape("ID token"):
        claims.validate(leeway=CLOCK_SKEW)
    return dict(claims)


def name_in(claims: dict[str, Any], claim: str) -> str:
    """Return the name that a claim gives a person.

    Raises:
        SignInRefusedError: it gives none, or an email that is not known to be theirs.
    """
    name = claims.get(claim)
    if not isinstance(name, str) or not name.strip():
        raise SignInRefusedError(f"no claim {claim}")
    if len(name) > LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise SignInRefusedError(f"the claim {claim} is no name")
    if claim == "email" and claims.get("email_verified") is not True:
        raise SignInRefusedError("the email is not verified")
    return name
