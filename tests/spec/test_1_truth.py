from secondline.domain.truth import MET, NOT_MET, UNKNOWN

title = "1. Three truth values"

TWO_FACTS = """
  | metastatic_at_diagnosis | prior_radiotherapy
--+-------------------------+-------------------
A | yes                     | yes
B | yes                     | no
C | yes                     |
D | no                      | yes
E | no                      | no
F | no                      |
G |                         | yes
H |                         | no
I |                         |
"""


def test_and(spec):
    """`and` is not met as soon as one part is not met, whatever is missing."""
    spec(
        TWO_FACTS,
        "metastatic_at_diagnosis and prior_radiotherapy",
        {
            "A": MET,
            "B": NOT_MET,
            "C": UNKNOWN,
            "D": NOT_MET,
            "E": NOT_MET,
            "F": NOT_MET,
            "G": UNKNOWN,
            "H": NOT_MET,
            "I": UNKNOWN,
        },
    )


def test_or(spec):
    """`or` is met as soon as one part is met, whatever is missing."""
    spec(
        TWO_FACTS,
        "metastatic_at_diagnosis or prior_radiotherapy",
        {
            "A": MET,
            "B": MET,
            "C": MET,
            "D": MET,
            "E": NOT_MET,
            "F": UNKNOWN,
            "G": MET,
            "H": UNKNOWN,
            "I": UNKNOWN,
        },
    )


def test_not(spec):
    """`not` of an unknown stays unknown: a missing fact never turns into an answer."""
    spec(
        """
          | metastatic_at_diagnosis
        --+------------------------
        A | yes
        B | no
        C |
        """,
        "not metastatic_at_diagnosis",
        {"A": NOT_MET, "B": MET, "C": UNKNOWN},
    )


def test_at_least(spec):
    """`at least 2 of` is decided when enough parts are met, or too few can still be."""
    spec(
        """
          | metastatic_at_diagnosis | prior_radiotherapy | nodal_involvement_at_diagnosis
        --+-------------------------+--------------------+-------------------------------
        A | yes                     | yes                |
        B | yes                     |                    | no
        C | no                      |                    | no
        D |                         |                    |
        E | no                      | yes                |
        """,
        "at least 2 of (metastatic_at_diagnosis, prior_radiotherapy, nodal_involvement_at_diagnosis)",
        {"A": MET, "B": UNKNOWN, "C": NOT_MET, "D": UNKNOWN, "E": UNKNOWN},
    )


def test_known(spec):
    """`known` asks whether a fact is recorded and is never unknown itself."""
    spec(
        """
          | metastatic_at_diagnosis
        --+------------------------
        A | no
        B |
        C | unknown: pending
        """,
        "known metastatic_at_diagnosis",
        {"A": MET, "B": NOT_MET, "C": NOT_MET},
    )
