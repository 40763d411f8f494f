"""A file or a page to readable text: its encoding, its mark-up, its size."""

import re

LARGEST_PAGE = 5_000_000  # characters, with mark-up
CHARSET = re.compile(rb"""charset\s*=\s*["']?([A-Za-z0-9_-]{3,20})""", re.IGNORECASE)
MARKUP = re.compile(
    r"<\s*(?:!doctype|html|body|p|div|span|h[1-6]|ul|ol|li|table|br|a)\b", re.IGNORECASE
)


class TextError(ValueError):
    """A text that cannot be audited: empty, too long or not text."""


def page_text(data: bytes, name: str) -> str:
    """Return the text or the HTML of a file, by its byte order mark, its charset, or as UTF-8.

    Args:
        data: the bytes.
        name: of the file, for the message.

    Raises:
        TextError: it is larger than `LARGEST_PAGE`, or not text.
    """
    if len(data) > LARGEST_PAGE:
        raise TextError(f"{name} is larger than {LARGEST_PAGE:,} bytes; audit it in parts")
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TextError(f"{name} is not text; give a page as HTML or plain text")
    charset = CHARSET.search(data[:4_096])
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig"]
    encodings += [charset[1].decode("ascii")] if charset else []
    for encoding in (*encodings, "windows-1252"):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    raise TextError(f"{name} is not text in UTF-8 or in the encoding that it names")


def text_of_page(page: str) -> str:
    """Return the readable text of a page; a text without mark-up is returned as it is.

    Raises:
        TextError: it is empty, longer than `LARGEST_PAGE`, or not text.
    """
    if len(page) > LARGEST_PAGE:
        raise TextError(
            f"the text has {len(page):,} characters; audit at most {LARGEST_PAGE:,} at once"
        )
    if page.count("\0") or page[:10_000].count("\ufffd") > 100:
        raise TextError("this is not text; give a page as HTML or plain text")
    if MARKUP.search(page):
        # Plain texts do without the parser of mark-up; they need not wait for its import.
        import html_text  # noqa: PLC0415
        from lxml.etree import ParserError  # noqa: PLC0415

        try:
            page = str(html_text.extract_text(page))
        except (ParserError, ValueError) as error:
            raise TextError(f"the page cannot be read: {error}") from None
    if not page.strip():
        raise TextError("the text is empty; give the text or page that is to be audited")
    return page
