"""The numbers by which articles are known, as sources write them: PMID, PMC number, DOI."""

import re

PMID = re.compile(r"[1-9]\d{0,9}")
DOI = re.compile(r"10\.\d{4,9}/\S+")


def pmid(text: str | None) -> str | None:
    """Return a PMID, or None for what is none."""
    told = (text or "").strip()
    return told if PMID.fullmatch(told) else None


def pmc_number(text: str | None) -> str | None:
    """Return a PMC number with its letters and without its version, or None for what is none."""
    digits = (text or "").strip().upper().removeprefix("PMC").partition(".")[0]
    return f"PMC{digits}" if digits.isdecimal() else None


def doi(text: str | None) -> str | None:
    """Return the DOI that a text or an address holds, in lower case, or None for none."""
    found = DOI.search((text or "").lower())
    return found[0].rstrip(".,;") if found else None
