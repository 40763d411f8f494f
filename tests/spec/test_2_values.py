from secondline.domain.truth import MET, NOT_MET, UNKNOWN

title = "2. Numbers, codes and sets"


def test_thresholds_say_whether_they_are_inclusive(spec):
    """`<` leaves its threshold out: a relapse at 18 months is not less than 18 months."""
    spec(
        """
          | diagnosis_to_relapse_months
        --+----------------------------
        A | 17
        B | 18
        C | 19
        D |
        """,
        "diagnosis_to_relapse_months < 18",
        {"A": MET, "B": NOT_MET, "C": NOT_MET, "D": UNKNOWN},
    )


def test_an_interval_decides_only_when_all_of_it_agrees(spec):
    """A number known as "16 to 17" lies below 18 altogether; "17 to 19" may go either way."""
    spec(
        """
          | diagnosis_to_relapse_months
        --+----------------------------
        A | 16 to 17
        B | 17 to 19
        C | 18 to 19
        """,
        "diagnosis_to_relapse_months < 18",
        {"A": MET, "B": UNKNOWN, "C": NOT_MET},
    )


def test_equality_of_an_interval(spec):
    """A whole interval can rule a value out; it can never rule it in."""
    spec(
        """
          | tnm_stage
        --+----------
        A | 1
        B | 1 to 2
        C | 2 to 3
        """,
        "tnm_stage = 1",
        {"A": MET, "B": UNKNOWN, "C": NOT_MET},
    )


def test_codes(spec):
    """A code is one of several; another code is not met, a missing one unknown."""
    spec(
        """
          | histology
        --+----------
        A | embryonal
        B | alveolar
        C |
        """,
        "histology in {'embryonal', 'botryoid'}",
        {"A": MET, "B": NOT_MET, "C": UNKNOWN},
    )


def test_a_recorded_list_is_complete_unless_it_says_at_least(spec):
    """What a recorded list lacks was not given; an open list says nothing of what it lacks."""
    spec(
        """
          | prior_therapies
        --+----------------------------
        A | [irinotecan, vincristine]
        B | [vincristine]
        C | []
        D | at least [vincristine]
        E | at least [irinotecan]
        F |
        """,
        "prior_therapies contains 'irinotecan'",
        {"A": MET, "B": NOT_MET, "C": NOT_MET, "D": UNKNOWN, "E": MET, "F": UNKNOWN},
    )


def test_facts_follow_from_the_list_of_treatments(spec):
    """`prior_irinotecan` follows from the list when that is recorded, or may be given alone."""
    spec(
        """
          | prior_therapies        | prior_irinotecan
        --+------------------------+-----------------
        A | [irinotecan]           |
        B | [vincristine]          |
        C | at least [vincristine] |
        D |                        | yes
        E |                        |
        F | [vincristine]          | yes
        """,
        "prior_irinotecan",
        {"A": MET, "B": NOT_MET, "C": UNKNOWN, "D": MET, "E": UNKNOWN, "F": UNKNOWN},
    )
