"""Tokens that look different in every page, so that compressed pages do not give them away.

Whoever can add words to a page and watch how much shorter it is compressed can guess, piece by
piece, what stands in it again and again (the BREACH attack, Gluck, Harris and Prado 2013).
"""

import secrets

MASK = 32  # bytes; as long as a token


def masked(token: str) -> str:
    """Hide a token of 64 hexadecimal digits under a mask that is new every time."""
    mask = secrets.token_bytes(MASK)
    return mask.hex() + _xor(bytes.fromhex(token), mask).hex()


def unmasked(text: str) -> str:
    """Return the token under its mask; empty for a text that is none."""
    try:
        both = bytes.fromhex(text)
    except ValueError:
        return ""
    return _xor(both[:MASK], both[MASK:]).hex() if len(both) == 2 * MASK else ""


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
