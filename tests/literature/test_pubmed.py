"""PubMed XML: what a citation says is read as printed, and a bad one costs itself alone."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_files import citation, deletion, linked, pubmed

from secondline.literature import pubmed as reader
from secondline.literature import splitting
from secondline.literature.files import Window
from secondline.literature.passages import plain_text
from secondline.literature.pubmed import RELATIONS
from secondline.literature.records import INVERSE, Deletion, Rejected

MATH = 'xmlns:mml="http://www.w3.org/1998/Math/MathML"'


def test_a_citation_is_read_as_printed(only):
    document = only(
        pubmed(
            citation(
                "31",
                "Relapse in children.",
                inside=(
                    "<Journal><JournalIssue><Volume>3</Volume><Issue>2</Issue><PubDate><Year>2019"
                    "</Year><Month>Feb</Month><Day>7</Day></PubDate></JournalIssue><Title>Journal"
                    " of tests</Title></Journal><Pagination><MedlinePgn>1-9</MedlinePgn>"
                    '</Pagination><ELocationID EIdType="doi" ValidYN="Y">10.1000/ABC</ELocationID>'
                    "<Language>eng</Language><DataBankList><DataBank><DataBankName>"
                    "ClinicalTrials.gov</DataBankName><AccessionNumberList><AccessionNumber>"
                    "NCT00000001</AccessionNumber></AccessionNumberList></DataBank></DataBankList>"
                    '<PublicationTypeList><PublicationType UI="D1">Clinical Trial, Phase II'
                    "</PublicationType></PublicationTypeList>"
                ),
                outside=(
                    "<MedlineJournalInfo><MedlineTA>J Test</MedlineTA></MedlineJournalInfo>"
                    '<MeshHeadingList><MeshHeading><DescriptorName UI="D2" MajorTopicYN="N">'
                    'Recurrence</DescriptorName><QualifierName MajorTopicYN="Y">therapy'
                    "</QualifierName></MeshHeading><MeshHeading><DescriptorName>Child"
                    "</DescriptorName></MeshHeading></MeshHeadingList>"
                ),
                data=(
                    '<PubmedData><ArticleIdList><ArticleId IdType="pmc">PMC9</ArticleId>'
                    "</ArticleIdList><ReferenceList><Reference><Citation>One. 2001</Citation>"
                    '<ArticleIdList><ArticleId IdType="pubmed">11</ArticleId></ArticleIdList>'
                    "</Reference><Reference><Citation>Two. 2002</Citation></Reference>"
                    "</ReferenceList></PubmedData>"
                ),
            )
        )
    )
    assert (document.id, document.pmid, document.pmcid) == ("pmid:31", "31", "PMC9")
    assert (document.doi, document.registration) == ("10.1000/abc", ("NCT00000001",))
    assert (document.journal, document.journal_abbreviation) == ("Journal of tests", "J Test")
    assert (document.volume, document.issue, document.pages) == ("3", "2", "1-9")
    assert (document.date.year, document.date.month, document.date.day) == (2019, 2, 7)
    assert document.publication_types == ("Clinical Trial, Phase II",)
    first, second = document.mesh
    assert (first.descriptor, first.ui, first.major, first.qualifiers) == (
        "Recurrence", "D2", True, ("therapy",),
    )  # fmt: skip
    assert (second.descriptor, second.major, second.qualifiers) == ("Child", False, ())
    assert [(each.text, each.pmid) for each in document.references] == [
        ("One. 2001", "11"),
        ("Two. 2002", None),
    ]
    assert document.oddities == ()


def test_a_structured_abstract_keeps_its_labels(only):
    document = only(
        pubmed(
            citation(
                inside=(
                    '<Abstract><AbstractText Label="METHODS" NlmCategory="METHODS">We looked.'
                    '</AbstractText><AbstractText Label="RESULTS">We saw.</AbstractText></Abstract>'
                ),
                outside=(
                    '<OtherAbstract Type="Publisher" Language="fre"><AbstractText>Nous avons vu.'
                    "</AbstractText></OtherAbstract>"
                ),
            )
        )
    )
    assert [(each.heading, each.category, each.text) for each in document.abstract] == [
        (("METHODS",), "METHODS", "We looked."),
        (("RESULTS",), None, "We saw."),
    ]
    assert plain_text(document) == "A title.\nMETHODS: We looked.\nRESULTS: We saw."
    ((language, sections),) = document.other_abstracts
    assert (language, sections[0].text) == ("fre", "Nous avons vu.")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("10<sup>3</sup> cells", "10³ cells"),
        ("10<sup>-6</sup>", "10⁻⁶"),
        ("CO<sub>2</sub>", "CO₂"),
        ("C<sub>max</sub>", "Cmax"),
        ("AUC<sub>0-24h</sub>", "AUC_(0-24h)"),
        ("12<sup>a</sup>", "12^a"),
        ("<sup>131</sup>I-MIBG", "¹³¹I-MIBG"),
        ("<i>MYCN</i>-amplified", "MYCN-amplified"),
        (f"x <mml:math {MATH}><mml:mfrac><mml:mn>1</mml:mn><mml:mn>2</mml:mn></mml:mfrac></mml:math>", "x 1/2"),
        (f"<mml:math {MATH}><mml:msup><mml:mi>R</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:math>", "R²"),
        (f"<mml:math {MATH}><mml:msqrt><mml:mi>n</mml:mi></mml:msqrt></mml:math>", "√n"),
        (f"<mml:math {MATH}><mml:mmultiscripts><mml:mi>He</mml:mi><mml:mprescripts/><mml:none/><mml:mn>3</mml:mn></mml:mmultiscripts></mml:math>", "³He"),
    ],
)  # fmt: skip
def test_raised_and_lowered_figures_never_join_the_figure_before(only, markup, text):
    document = only(pubmed(citation(title=f"About {markup}.")))
    assert document.title == f"About {text}."


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("<Year>2007</Year>", (2007, None, None)),
        ("<Year>2007</Year><Month>11</Month>", (2007, 11, None)),
        ("<Year>1976</Year><Season>Fall</Season>", (1976, None, None)),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", (1998, 12, None)),
        ("<MedlineDate>2018 May - Jun</MedlineDate>", (2018, 5, None)),
        ("<MedlineDate>1999 Aug 1-15</MedlineDate>", (1999, 8, 1)),
        ("<MedlineDate>1944-1945</MedlineDate>", (1944, None, None)),
        ("<MedlineDate>Winter 1999</MedlineDate>", (1999, None, None)),
        ("<MedlineDate>Dec 2000</MedlineDate>", (2000, 12, None)),
        ("<MedlineDate>no year</MedlineDate>", (None, None, None)),
        ("<Year>2001</Year><Month>Feb</Month><Day>31</Day>", (2001, 2, None)),
        ("<Year>2001</Year><Month>13</Month>", (2001, None, None)),
        ("<Year>99999999999999999999</Year>", (None, None, None)),
        (f"<Year>{'9' * 5000}</Year>", (None, None, None)),
        ("<Year>0000</Year>", (None, None, None)),
        ("<Year>2001</Year><Month>99999999999999999999</Month>", (2001, None, None)),
        ("<Year>2001</Year><Month>2</Month><Day>99999999999999999999999</Day>", (2001, 2, None)),
        ("<MedlineDate>2001-02-99</MedlineDate>", (2001, 2, None)),
    ],
)
def test_a_partial_date_says_no_more_than_is_printed(only, printed, expected):
    journal = f"<Journal><JournalIssue><PubDate>{printed}</PubDate></JournalIssue></Journal>"
    date = only(pubmed(citation(inside=journal))).date
    assert (date.year, date.month, date.day) == expected


def test_a_date_that_is_not_plain_keeps_its_words(only):
    journal = (
        "<Journal><JournalIssue><PubDate><MedlineDate>1998 Dec-1999 Jan</MedlineDate></PubDate>"
        "</JournalIssue></Journal>"
    )
    assert only(pubmed(citation(inside=journal))).date.printed == "1998 Dec-1999 Jan"


@pytest.mark.parametrize(
    ("parts", "printed"),
    [
        ("<Year>2001</Year><Month>Feb</Month><Day>28</Day>", None),
        ("<Year>2001</Year><Month>Feb</Month><Day>31</Day>", "2001 Feb 31"),
        ("<Year>2001</Year><Month>Feb</Month><Day>99999999999</Day>", "2001 Feb 99999999999"),
        ("<Year>99999999999999999999</Year>", "99999999999999999999"),
        ("<Year>0000</Year><Month>Feb</Month>", "0000 Feb"),
        ("<Year>2001</Year><Month>13</Month>", "2001 13"),
        ("<MedlineDate>2001-02-31</MedlineDate>", "2001-02-31"),
        ("<Year>1976</Year><Season>Fall</Season>", "1976 Fall"),
    ],
)
def test_what_no_calendar_has_is_kept_as_printed(only, parts, printed):
    journal = f"<Journal><JournalIssue><PubDate>{parts}</PubDate></JournalIssue></Journal>"
    assert only(pubmed(citation(inside=journal))).date.printed == printed


def test_six_hundred_authors_and_a_group_are_all_kept(only):
    authors = "".join(
        f'<Author ValidYN="Y"><LastName>Name{n}</LastName><Initials>A</Initials></Author>'
        for n in range(600)
    )
    group = "<Author><CollectiveName>The Study Group</CollectiveName></Author>"
    wrong = '<Author ValidYN="N"><LastName>Misspelled</LastName></Author>'
    document = only(pubmed(citation(inside=f"<AuthorList>{authors}{wrong}{group}</AuthorList>")))
    assert len(document.authors) == 601
    assert document.authors[599].last_name == "Name599"
    assert document.authors[-1].collective == "The Study Group"


def test_an_orcid_is_kept_where_it_stands_below_the_affiliation(only):
    author = (
        "<Author><LastName>Name</LastName><AffiliationInfo><Affiliation>A place</Affiliation>"
        '<Identifier Source="ORCID">https://orcid.org/0000-0001</Identifier></AffiliationInfo>'
        "</Author>"
    )
    document = only(pubmed(citation(inside=f"<AuthorList>{author}</AuthorList>")))
    assert (document.authors[0].last_name, document.authors[0].orcid) == ("Name", "0000-0001")


def test_a_title_of_several_lines_and_blanks_is_one_line(only):
    assert only(pubmed(citation(title="  One\n  title,\u00a0 of  lines "))).title == (
        "One title, of lines"
    )


def test_a_vernacular_title_stands_in_where_there_is_no_other(only):
    document = only(
        pubmed(citation(title="", inside="<VernacularTitle>Rückfall.</VernacularTitle>"))
    )
    assert (document.title, document.vernacular_title) == ("", "Rückfall.")
    assert document.oddities == ("no title but a vernacular one",)
    assert plain_text(document) == "Rückfall."


def test_a_record_without_pmid_is_known_by_another_number(only):
    data = '<PubmedData><ArticleIdList><ArticleId IdType="{}">{}</ArticleId></ArticleIdList></PubmedData>'
    listed = only(pubmed(citation("", data=data.format("pubmed", "973217"))))
    assert listed.id == "pmid:973217"
    assert listed.oddities == ("no PMID; 973217 is from its list of numbers",)
    assert only(pubmed(citation("", data=data.format("doi", "10.1/A")))).id == "doi:10.1/a"
    nothing = only(pubmed(citation("", title="Only a title.")))
    assert nothing.id.startswith("sha256:")
    assert nothing.oddities == ("no PMID",)


def test_a_chapter_of_a_book_is_a_document(only):
    document = only(
        pubmed(
            "<PubmedBookArticle><BookDocument><PMID>21</PMID><Book><Publisher><PublisherName>NAP"
            "</PublisherName></Publisher><BookTitle>The book</BookTitle><PubDate><Year>2007</Year>"
            '</PubDate><AuthorList Type="editors"><Author><CollectiveName>A forum'
            "</CollectiveName></Author></AuthorList></Book><ArticleTitle>The chapter</ArticleTitle>"
            "<Abstract><AbstractText>Words.</AbstractText></Abstract><Sections><Section>"
            "<SectionTitle>Part one</SectionTitle></Section></Sections></BookDocument>"
            "</PubmedBookArticle>"
        )
    )
    assert (document.id, document.kind, document.title) == ("pmid:21", "book", "The chapter")
    assert (document.book, document.year) == ("The book", 2007)
    assert document.authors[0].collective == "A forum"
    assert document.body[0].text == "Part one"


def test_new_revised_and_deleted_citations_come_in_the_order_of_the_file(records):
    found, broken = records(pubmed(citation("1"), deletion("1", "2"), citation("3")))
    assert broken is None
    assert [getattr(each, "id", None) or f"delete {each.pmid}" for each in found] == [
        "pmid:1", "delete 1", "delete 2", "pmid:3",
    ]  # fmt: skip
    assert found[1] == Deletion(pmid="1", version=1)


def test_answers_of_e_utilities_are_read_alone_together_and_empty(records):
    alone, _ = records(citation("5"))
    assert alone[0].id == "pmid:5"
    joined, broken = records(pubmed(citation("6")) + pubmed(citation("7")))
    assert ([each.id for each in joined], broken) == (["pmid:6", "pmid:7"], None)
    assert records(pubmed()) == ([], None)
    assert records("<PubmedArticleSet/>") == ([], None)


def test_every_relation_of_nlm_holds_for_the_other_side_too():
    stated = {relation for relations in RELATIONS.values() for relation in relations}
    assert stated - {"cites"} <= INVERSE.keys()
    assert all(INVERSE[other] == relation for relation, other in INVERSE.items())


def test_a_retraction_notice_counts_by_its_relation_not_by_its_title(only):
    notice = only(
        pubmed(citation("9", "Anthropology. An editorial.", outside=linked("RetractionOf", "8")))
    )
    (link,) = notice.links
    assert (link.relation, link.pmid, notice.retracted) == ("retracts", "8", False)


def test_retracted_and_republished_is_both(only):
    document = only(pubmed(citation(outside=linked("RetractedandRepublishedIn", "8"))))
    assert [link.relation for link in document.links] == ["retracted by", "republished by"]
    assert document.retracted


# Bad records


def test_a_record_that_is_not_well_formed_costs_itself_alone(records):
    found, broken = records(
        pubmed(citation("1"), citation("2", "An & that is none"), citation("3"))
    )
    assert broken is None
    assert [each.id for each in (found[0], found[2])] == ["pmid:1", "pmid:3"]
    assert isinstance(found[1], Rejected)
    assert found[1].record == "PMID 2"
    assert found[1].reason.startswith("it is not well-formed XML: ")


def test_a_record_without_its_end_tag_costs_itself_alone(records):
    unclosed = citation("2").removesuffix("</PubmedArticle>")
    found, broken = records(pubmed(citation("1"), unclosed, citation("3")))
    assert broken is None
    assert found[1] == Rejected(record="PMID 2", reason="it has no end tag </PubmedArticle>")
    assert found[2].id == "pmid:3"


def test_bytes_of_another_encoding_cost_their_record_alone(records):
    content = pubmed(citation("1"), citation("2", "R\xfcckfall"), citation("3"))
    found, broken = records(content.encode("latin-1"))
    assert broken is None
    assert (found[0].id, found[1].record, found[2].id) == ("pmid:1", "PMID 2", "pmid:3")


def test_a_declared_encoding_is_obeyed(only):
    content = pubmed(citation(title="R\xfcckfall"), encoding="iso-8859-1")
    assert only(content.encode("latin-1")).title == "Rückfall"
    content = pubmed(citation(title="R\xfcckfall"), encoding="utf-16")
    assert only(content.encode("utf-16")).title == "Rückfall"


@pytest.mark.parametrize("pmid", ["abc", "0", "-3", "12345678901", "1 2"])
def test_a_number_that_is_none_is_refused(only, pmid):
    refused = only(pubmed(citation(pmid)))
    assert refused.reason == f"its PMID is {pmid!r}, which is no number of PubMed"


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("<PubmedArticle></PubmedArticle>", "it has no MedlineCitation"),
        ("<PubmedArticle><MedlineCitation><PMID>1</PMID></MedlineCitation></PubmedArticle>", "it has no Article"),
        ("<PubmedBookArticle><PubmedBookData/></PubmedBookArticle>", "it has no BookDocument"),
        (citation("", ""), "it has neither a number nor a title"),
    ],
)  # fmt: skip
def test_a_record_that_lacks_its_parts_says_which(only, record, reason):
    assert only(pubmed(record)).reason == reason


def test_an_entity_that_only_the_dtd_knows_is_read(only):
    assert only(pubmed(citation(title="a&nbsp;b &alpha; &amp;"))).title == "a b α &"


def test_comments_and_cdata_between_records_are_no_records(records):
    hidden = f"<!-- {citation('8')} --><![CDATA[ {citation('9')} ]]><?pi <PubmedArticle> ?>"
    found, broken = records(pubmed(citation("1"), hidden, citation("2")))
    assert ([each.id for each in found], broken) == (["pmid:1", "pmid:2"], None)


BLANKS = st.text(" \n\t", max_size=3)
MARKUP = st.recursive(
    BLANKS | st.sampled_from(["3", "5", "a", "&amp;", "<![CDATA[7]]>", "<!-- c -->"]),
    lambda inner: st.builds(
        lambda name, parts: f"<{name}>{''.join(parts)}</{name}>",
        st.sampled_from(["b", "i", "u", "sup", "sub", "mml:mi"]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


@given(texts=st.lists(st.lists(MARKUP, max_size=5).map("".join), min_size=4), blank=BLANKS)
def test_blanks_between_elements_are_passed_over_only_where_they_are_layout(texts, blank):
    """Every word is the same as when the parser keeps all blanks, two marked figures too."""
    one, two, *keywords = texts
    listed = "".join(f"{blank}<Keyword>{each}</Keyword>" for each in keywords)
    record = citation(
        "1",
        one,
        inside=f"{blank}<Abstract>{blank}<AbstractText>{two}</AbstractText>{blank}</Abstract>",
        outside=f"{blank}<KeywordList>{listed}{blank}</KeywordList>{blank}",
    )
    content = pubmed(record).replace("<PubmedArticleSet>", f"<PubmedArticleSet {MATH}>").encode()

    def read(marked):
        window = Window(io.BytesIO(content))
        return list(splitting.records(window, reader.TAGS, reader.read, marked=marked))

    assert read(reader.MARKED) == read(None)


def test_two_marked_figures_are_not_joined(only):
    assert only(pubmed(citation("1", "<b>3</b> <b>5</b>\n<i>of 9</i>"))).title == "3 5 of 9"
