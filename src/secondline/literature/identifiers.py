"""The numbers by which articles are known, as sources write them: PMID, PMC number, DOI."""

import re
from urllib.parse import unquote

LONGEST_PMID = 10  # digits
# What sources call a link by number.
PUBMED = frozenset({"pmid", "pubmed"})
PMC = frozenset({"pmc", "pmcid"})
DOI = re.compile(r"10\.\d{4,9}/\S+")
# Addresses at which PubMed and PubMed Central are read, there and in Europe.
AT_PUBMED = re.compile(
    r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed|europepmc\.org/\w+/med)/(\d+)",
    re.IGNORECASE,
)
AT_PMC = re.compile(r"(?:ncbi\.nlm\.nih\.gov|europepmc\.org)/\S*?\b(PMC\d+)", re.IGNORECASE)


def pmid(text: str | None) -> str | None:
    """Return a PMID, or None for what is none."""
    told = (text or "").strip()
    number = told.isascii() and told.isdecimal() and told[0] != "0"
    return told if number and len(told) <= LONGEST_PMID else None


def pmc_number(text: str | None) -> str | None:
    """Return a PMC number with its letters and without its version, or None for what is none."""
    digits = (text or "").strip().upper().removeprefix("PMC").partition(".")[0]
    return f"PMC{digits}" if digits.isdecimal() else None


def doi(text: str | None) -> str | None:
    """Return the DOI that a text or an address holds, in lower case, or None for none."""
    found = DOI.search(unquote(text or "").lower())
    if not found:
        return None
    told = found[0].rstrip(".,;")
    while told.endswith(")") and told.count(")") > told.count("("):  # of the words around it
        told = told[:-1].rstrip(".,;")
    return told


def of_address(address: str, kind: str) -> tuple[str | None, str | None, str | None]:
    """Return the PMID, the DOI and the PMC number that a link names; None for each it does not.

    Args:
        address: a number, or where the article is read.
        kind: what the source calls it, such as "pmid" or "pmc"; what is an address is known by it.
    """
    at_pubmed, at_pmc = AT_PUBMED.search(address), AT_PMC.search(address)
    if at_pubmed:
        return pmid(at_pubmed[1]), None, None
    if at_pmc:
        return None, None, pmc_number(at_pmc[1])
    number = re.sub(r"^pmid:\s*", "", address.strip(), flags=re.IGNORECASE)
    return (
        pmid(number) if kind in PUBMED else None,
        doi(address),
        pmc_number(address) if kind in PMC else None,
    )
