"""Which diseases a document is about: those it names, and no ordinary word that looks like one."""

import pytest

from secondline.literature.records import Document, MeshHeading, Section
from secondline.literature.subjects import Subjects

ALL = "acute-lymphoblastic-leukemia"
RMS = "rhabdomyosarcoma"
STS = "soft-tissue-sarcoma"


@pytest.fixture(scope="session")
def subjects(library):
    """By the names that the library gives its diseases."""
    return Subjects({id_: term.document_names for id_, term in library.diseases.items()})


def document(**fields):
    return Document(id="x", kind="citation", **fields)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"title": "Neuroblastoma, and more"}, ("neuroblastoma",)),
        ({"title": "NEUROBLASTOMA"}, ("neuroblastoma",)),
        ({"title": "Two neuroblastomas"}, ("neuroblastoma",)),
        ({"title": "Neuroblastomatosis"}, ()),
        ({"conditions": ("Soft-Tissue Sarcoma",)}, (STS,)),
        ({"mesh": (MeshHeading(descriptor="Neuroblastoma"),)}, ("neuroblastoma",)),
        ({"mesh": (MeshHeading(descriptor="Leukemia, Lymphocytic, Acute"),)}, (ALL,)),
        ({"conditions": ("Leukemia, Lymphocytic, Chronic",)}, ()),
        (
            {"abstract": (Section(text="acute\nlymphoblastic leukaemia; neuroblastoma"),)},
            (ALL, "neuroblastoma"),
        ),
        ({"keywords": ("Precursor Cell Lymphoblastic Leukemia-Lymphoma",)}, (ALL,)),
        ({"title": "Acute lymphoblastic leukaemias"}, (ALL,)),
    ],
)
def test_a_disease_is_known_by_its_name(subjects, fields, expected):
    assert subjects.of(document(**fields)) == expected


@pytest.mark.parametrize(
    "title",
    [
        "All in children under three were weighed",
        "We saw them all: in children with all kinds of leukemia",
        "ALL CHILDREN WITH CHRONIC LEUKEMIA WERE SEEN",
        "Survival in ALL in children after injury",  # says nothing of leukemia
        "Acute myeloid leukemia in childhood: all patients with all translocations",
        "Leukemia-free survival of patients with AML",
        "Chronic lymphocytic leukemia",
        "Promyelocytic leukemia protein",
        "Murine leukemia virus",
        "Infant leukemia of the myeloid line",
    ],
)
def test_an_ordinary_word_or_a_family_of_diseases_is_no_disease(subjects, title):
    assert subjects.of(document(title=title)) == ()


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Leukemia in childhood: outcome of relapsed ALL", (ALL,)),
        ("T-ALL cells", ()),
        ("T\u2010ALL cells of leukaemia", (ALL,)),
        ("AML and ALL, two kinds of leukemia", (ALL,)),
        ("Ph+ ALL and other leukemias", (ALL,)),
        ("all-REZ leukemia", ()),
        ("RMS of a signal", ()),
        ("RMS is a sarcoma of childhood", (RMS,)),
        ("Both arms had a sarcoma", ()),
        ("DSRCT, a tumor of the abdomen", (STS,)),
    ],
)
def test_an_abbreviation_counts_as_it_is_printed_and_beside_a_word_that_explains_it(
    subjects, title, expected
):
    assert subjects.of(document(title=title)) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Non-rhabdomyosarcoma soft tissue sarcoma", (STS,)),
        ("Soft tissue sarcomas other than rhabdomyosarcoma", (STS,)),
        ("Non-rhabdomyosarcomas and rhabdomyosarcomas", (RMS, STS)),
        ("Sarcoma, not rhabdomyosarcoma but Ewing", (RMS,)),  # named, if only to deny it
        ("A child with rhabdomyosarcoma or leiomyosarcoma", (RMS, STS)),
    ],
)
def test_a_name_within_a_longer_name_of_another_disease_does_not_count(subjects, title, expected):
    assert subjects.of(document(title=title)) == expected


def test_names_by_which_only_questions_mean_a_disease_are_not_looked_for(library):
    for term in library.diseases.values():
        assert not set(term.asked_as) & set(term.document_names)
        assert set(term.asked_as) <= set(term.names)
    assert "leukemia" in library.diseases[ALL].asked_as


def test_without_names_no_disease_is_known():
    assert Subjects({}).of(document(title="Neuroblastoma")) == ()


def test_other_names_and_the_same_for_another_disease_are_other_subjects():
    one = {"a": ["neuroblastoma"], "b": ["rhabdomyosarcoma"]}
    assert Subjects(one).digest == Subjects(dict(reversed(one.items()))).digest
    assert Subjects(one).digest != Subjects({"b": one["a"], "a": one["b"]}).digest
