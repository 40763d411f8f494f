"""`secondline audit` as a person or a program uses it."""

import json

from command import failed, run

CLAIM = b"In relapsed rhabdomyosarcoma irinotecan causes dehydration in 28.6% of children."


def test_a_page_is_audited_as_text(tmp_path):
    page = tmp_path / "page.html"
    page.write_bytes(b"<html><body><p>" + CLAIM + b"</p></body></html>")
    result = run("audit", str(page))
    assert result.returncode == 0
    told = result.stdout.decode()
    assert "1 claim: 1 population-differs." in told
    assert "POPULATION-DIFFERS: In relapsed rhabdomyosarcoma" in told
    assert "REFERENCES" in told and "Edition" in told


def test_standard_input_and_json():
    audit = json.loads(run("audit", "-", "--json", stdin=CLAIM).stdout)
    assert list(audit) == [
        "edition", "claims", "passed_over", "read_whole", "references", "review", "disclaimer",
    ]  # fmt: skip
    (claim,) = audit["claims"]
    assert list(claim) == ["text", "verdict", "note", "statements", "citations"]
    assert claim["citations"] and claim["statements"]


def test_what_is_no_claim_is_counted_and_stands_in_its_place():
    text = b"A leaflet\n\nIt rains. " + CLAIM + b" We are glad."
    told = run("audit", "-", stdin=text).stdout.decode()
    counted = "Not judged: 3 sentences and headings without a claim that evidence could bear out."
    assert counted in " ".join(told.split())
    places = [told.index(part) for part in ("(2 not judged)", "POPULATION-", "(1 not judged)")]
    assert places == sorted(places)
    audit = json.loads(run("audit", "-", "--json", stdin=text).stdout)
    assert audit["read_whole"] is True
    assert audit["passed_over"][-1] == {"text": "We are glad.", "why": "no claim", "after": 1}


def test_batch_audits_too():
    request = {"id": 7, "command": "audit", "text": CLAIM.decode()}
    reply = json.loads(run("batch", stdin=json.dumps(request).encode()).stdout)
    assert reply["id"] == 7 and reply["answer"]["claims"][0]["verdict"] == "population-differs"
    missing = json.loads(run("batch", stdin=b'{"id": 8, "command": "audit"}').stdout)
    assert missing == {"id": 8, "error": '"text" is missing or not text'}


def test_what_cannot_be_audited_is_said(tmp_path):
    failed(run("audit", str(tmp_path / "none.html")), 3, "none.html cannot be read")
    failed(run("audit", "-", stdin=b"  "), 3, "the text is empty")
    failed(run("audit", "-", stdin=b"%PDF-1.7\0"), 3, "not text")
    failed(run("audit", "-", stdin=b"x" * 5_000_001), 3, "larger than 5,000,000 bytes")


def test_a_page_without_a_claim_says_so():
    told = run("audit", "-", stdin=b"Weather\n\nIt rains.\n\nIt rained.\n").stdout.decode()
    assert "No claim about relapsed childhood cancer was found." in told
