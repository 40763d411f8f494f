"""Why a sign-in came to nothing, in words for a log: no secret, no name, nothing that was sent."""

from collections.abc import Iterator
from contextlib import contextmanager


class ProviderError(Exception):
    """A sign-in that came to nothing."""


class ProviderUnreachableError(ProviderError):
    """The provider does not answer, or not with what it must: to be tried again."""


class SignInRefusedError(ProviderError):
    """What the provider says of a person does not count."""


@contextmanager
def of_any_shape(what: str) -> Iterator[None]:
    """Read what the provider sent, whatever kind of value stands where another is expected.

    Raises:
        ProviderUnreachableError: it cannot be read.
    """
    try:
        yield
    except (TypeError, KeyError, AttributeError) as error:
        kind = type(error).__name__
        raise ProviderUnreachableError(f"its {what} cannot be read ({kind})") from None
