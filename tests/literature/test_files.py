"""Files as they come: packed, cut, lying about themselves, or made to do harm."""

import gzip
import random
import time
import tracemalloc

import pytest
from small_files import article, citation, pubmed

from secondline.literature.files import CHUNK, LARGEST_RECORD, opened
from secondline.literature.reading import steps
from secondline.literature.records import Rejected

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE PubmedArticleSet [<!ENTITY a "aaaaaaaaaa">'
    '<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><PubmedArticleSet>'
    + citation(title="&b;")
    + "</PubmedArticleSet>"
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE article [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    "<article><front><article-meta><title-group><article-title>&x;</article-title></title-group>"
    "</article-meta></front></article>"
)
PARAMETER = (
    '<!DOCTYPE PubmedArticleSet [<!ENTITY % p SYSTEM "http://127.0.0.1/evil.dtd"> %p;]>'
    f"<PubmedArticleSet>{citation()}</PubmedArticleSet>"
)


@pytest.mark.parametrize("content", [BOMB, OUTSIDE, PARAMETER, BOMB.encode("utf-16")])
def test_a_document_that_declares_entities_is_refused(records, content):
    found, broken = records(content)
    assert found == []
    assert "it declares entities, which no document here needs; it is refused" in broken


def test_a_doctype_alone_is_accepted(records):
    assert len(records(pubmed(citation()))[0]) == 1
    internal = pubmed(citation()).replace('.dtd">', '.dtd" [<!ELEMENT x ANY>]>')
    assert len(records(internal)[0]) == 1


@pytest.mark.parametrize(
    "subset",
    [
        "<!-- the publisher's own -->",
        '<!-- 5" and ] and > --><!ELEMENT x ANY>',
        "<?note it's > ] ?>",
        "<!ATTLIST x y CDATA ']>'><!-- it's -->",
    ],
)
def test_a_doctype_may_hold_comments(records, subset):
    found, broken = records(pubmed(citation()).replace('.dtd">', f'.dtd" [{subset}]>'))
    assert ([each.id for each in found], broken) == (["pmid:1"], None)


def test_an_entity_behind_a_comment_with_an_apostrophe_is_refused(records):
    found, broken = records(BOMB.replace("[<!ENTITY a", "[<!-- it's --><!ENTITY a"))
    assert found == []
    assert "it declares entities" in broken


def test_a_cut_file_keeps_what_came_before(records):
    content = pubmed(citation("1"), citation("2"))
    found, broken = records(content[: content.index("<PMID", content.index("<PMID") + 1) + 20])
    assert [each.id for each in found] == ["pmid:1"]
    assert "the file ends inside" in broken
    found, broken = records(content.removesuffix("\n</PubmedArticleSet>\n"))
    assert len(found) == 2
    assert broken.endswith("it ends before </PubmedArticleSet>")


def test_a_cut_gzip_file_keeps_what_came_before(records):
    content = gzip.compress(
        pubmed(*(citation(str(n), f"Title {n * n}.") for n in range(1, 500))).encode()
    )
    found, broken = records(content[: len(content) // 2], "file.xml.gz")
    assert 0 < len(found) < 499
    assert all(not isinstance(each, Rejected) for each in found)
    assert broken.endswith("the packed file ends too early; get it again")


def test_of_a_packed_file_with_an_altered_byte_nothing_is_taken_that_may_be_altered(records):
    """Unpacked up to where it fails, 30 of 200 files gave records that nobody wrote."""
    chance = random.Random(20)
    each = [citation(str(n), "".join(chance.choices("ACGT ", k=200))) for n in range(1, 60)]
    whole = gzip.compress(pubmed(*each).encode(), mtime=0)
    written_in_it, _ = records(whole)
    for at in range(10, len(whole), len(whole) // 200):
        packed = bytearray(whole)
        packed[at] ^= chance.randrange(1, 256)
        found, broken = records(bytes(packed))
        assert found == []
        assert broken.startswith("byte 0: the packed file is damaged (its checksum does not fit")
    assert len(written_in_it) == 59


def test_the_members_of_a_packed_file_that_are_intact_are_read(records):
    first, second = citation("1"), citation("2")
    whole = pubmed(first, second)
    end = whole.index("</PubmedArticle>") + len("</PubmedArticle>")
    packed = bytearray(gzip.compress(whole[:end].encode()) + gzip.compress(whole[end:].encode()))
    packed[-30] ^= 0xFF
    found, broken = records(bytes(packed))
    assert [each.id for each in found] == ["pmid:1"]
    assert broken.startswith(f"byte {end}: the packed file is damaged")


def test_the_checksum_alone_tells_of_a_damage(records):
    packed = bytearray(gzip.compress(pubmed(citation("1")).encode()))
    packed[-5] ^= 0xFF  # of the checksum itself
    found, broken = records(bytes(packed))
    assert found == []
    assert "get it again" in broken


def test_packed_files_are_known_by_their_content_and_may_have_members(records):
    whole = pubmed(citation("1"), citation("2")).encode()
    members = gzip.compress(whole[:200]) + gzip.compress(whole[200:])
    found, broken = records(members, "not-named.xml")
    assert ([each.id for each in found], broken) == (["pmid:1", "pmid:2"], None)


# Without the time of packing: every process that collects the tests has to name them alike.
PACKED_TWICE = gzip.compress(gzip.compress(b"x", mtime=0), mtime=0)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b"  \n\n ", "it is empty"),
        (b"PK\x03\x04rest", "it is a ZIP archive; unpack it and add the files in it"),
        (b"%PDF-1.7", "it is a PDF; add the JATS XML of the article instead"),
        (PACKED_TWICE, "it is packed twice; unpack it once and add the file in it"),
        (b"<!DOCTYPE html><html><body>503</body></html>", "it is an HTML page, perhaps the error page of a download; get the file again"),
        (b"<HTML><p>Sorry", "it is an HTML page, perhaps the error page of a download; get the file again"),
        (b"<eFetchResult><ERROR>no</ERROR></eFetchResult>", "it is an error of E-utilities, not an answer; ask again"),
        (b"<clinical_study rank='1'/>", "it is the old XML of ClinicalTrials.gov; get the record as JSON (version 2)"),
        (b"<feed/>", "its root element is 'feed'; expected PubMed XML, JATS XML"),
        (b"<?xml version='1.0'?>", "it has no root element; expected PubMed XML"),
        (b"just words", "it is none of the formats read; expected PubMed XML"),
        (b"\0" * 100, "it is none of the formats read"),
        (b'<?xml version="1.0" encoding="utf-7"?><PubmedArticleSet/>', "its encoding 'utf-7' is not read; save it as UTF-8"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_says_what_it_is(records, content, reason):
    found, broken = records(content)
    assert found == []
    assert broken.startswith(f"byte 0: {reason}")


def test_a_comment_about_pdq_makes_no_markdown(only):
    content = pubmed(citation(title="A PDQ summary."))
    assert only(content.replace("<PubmedArticleSet>", "<!-- PDQ --><PubmedArticleSet>")).pmid == "1"
    assert only("<!-- PDQ -->" + citation()).pmid == "1"


def test_a_text_that_speaks_of_studies_is_no_trial(only):
    assert only('{"id": "a", "studies": ["x"], "text": "Two."}', "own.jsonl").id == "text:a"
    assert only('{"id": "a", "text": "Two.", "studies": 2}', "own.jsonl").id == "text:a"


def test_a_record_beyond_all_sizes_is_left_out_and_the_next_is_read(written):
    huge = citation("2", "x" * (LARGEST_RECORD + 3 * CHUNK))
    path = written(gzip.compress(pubmed(citation("1"), huge, citation("3")).encode(), 1))
    del huge
    tracemalloc.start()
    with opened(path) as source:
        found = [record for step in steps(source, path) for record in step.records]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [getattr(each, "id", each) for each in found] == [
        "pmid:1", Rejected(record="PMID 2", reason="it is larger than 64 MiB"), "pmid:3",
    ]  # fmt: skip
    assert peak < 3 * LARGEST_RECORD


@pytest.mark.parametrize("content", ["xx", "</PubmedArticle>"])
def test_a_start_tag_without_end_costs_its_record_alone_and_is_looked_through_once(
    written, content
):
    """Looked through again for each piece that is read, it took 49 s."""
    endless = f'<PubmedArticle a="{content * (100_000_000 // len(content))}"></PubmedArticle>'
    path = written(gzip.compress(pubmed(citation("1"), endless, citation("3")).encode(), 1))
    del endless
    began = time.process_time()
    with opened(path) as source:
        found = [record for step in steps(source, path) for record in step.records]
    assert time.process_time() - began < 15
    assert [getattr(each, "id", None) for each in found] == ["pmid:1", None, "pmid:3"]


def test_a_start_tag_that_never_ends_says_so(records):
    endless = f'<PubmedArticle a="{"x" * (1 << 20)}"><PMID>2</PMID></PubmedArticle>'
    found, broken = records(pubmed(endless, citation("3")))
    assert broken is None
    assert found[0].reason == "its start tag is longer than 256 KiB"
    assert found[1].id == "pmid:3"


@pytest.mark.parametrize(
    ("begins", "ends"), [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")]
)  # fmt: skip
def test_a_comment_of_any_length_between_records_is_passed_over(written, begins, ends):
    long = begins + citation("2") + "-]?" * (LARGEST_RECORD // 2) + ends
    path = written(gzip.compress(pubmed(citation("1"), long, citation("3")).encode(), 1))
    del long
    tracemalloc.start()
    with opened(path) as source:
        found = [record.id for step in steps(source, path) for record in step.records]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == ["pmid:1", "pmid:3"]
    assert peak < 16 << 20


def test_a_comment_that_never_ends_is_told_with_its_place(records):
    content = pubmed(citation("1"), "<!-- " + "x" * (3 * CHUNK), citation("3"))
    found, broken = records(content)
    assert [each.id for each in found] == ["pmid:1"]
    assert broken == f"byte {content.index('<!-- ')}: it ends without -->"


def test_a_text_node_beyond_the_limits_of_the_parser_costs_its_record_alone(records):
    found, broken = records(pubmed(citation("1", "x" * (11 << 20)), citation("2")))
    assert broken is None
    assert found[0].reason.startswith("it is not well-formed XML: ")
    assert found[1].id == "pmid:2"


def test_a_zip_bomb_of_nothing_fills_no_memory(written):
    path = written(gzip.compress(b"<PubmedArticleSet>" + b" " * (200 << 20), 9))
    tracemalloc.start()
    with opened(path) as source, pytest.raises(ValueError, match="it ends before"):
        list(steps(source, path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 << 20


def test_memory_does_not_grow_with_the_file(written):
    def peak_of(count):
        path = written(pubmed(*(citation(str(n + 1), "word " * 400) for n in range(count))))
        tracemalloc.start()
        with opened(path) as source:
            assert sum(len(step.records) for step in steps(source, path)) == count
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    peak_of(20)  # what is remembered of the first file is not what is measured
    assert peak_of(8000) < 1.5 * peak_of(2000)


def test_nesting_without_end_costs_its_record_alone(records):
    deep = "<i>" * 5000 + "x" + "</i>" * 5000
    found, broken = records(pubmed(citation("1", deep), citation("2")))
    assert broken is None
    assert (type(found[0]), found[1].id) == (Rejected, "pmid:2")


def test_reading_goes_on_where_it_stopped(written):
    path = written(gzip.compress(pubmed(*(citation(str(n)) for n in range(1, 8))).encode()))
    with opened(path) as source:
        ends = [step.end for step in steps(source, path)]
    for done, end in enumerate(ends, start=1):
        with opened(path) as source:
            rest = [record.pmid for step in steps(source, path, end) for record in step.records]
        assert rest == [str(n) for n in range(done + 1, 8)]


def test_several_articles_in_one_file_are_read_apart(records):
    one = article("<p>a</p>").partition("<article ")[2]
    two = one.replace(">77<", ">78<")
    found, broken = records(f"<pmc-articleset><article {one}<article {two}</pmc-articleset>")
    assert broken is None
    assert [each.id for each in found] == ["pmc:PMC77", "pmc:PMC78"]
