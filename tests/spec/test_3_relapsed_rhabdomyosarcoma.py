from secondline.domain.truth import MET, NOT_MET, UNKNOWN

title = "3. Criteria of relapsed rhabdomyosarcoma"


def test_vit_needs_to_know_both_drugs(spec, library):
    """VIT is open until both irinotecan and temozolomide are ruled out; one of them settles it."""
    spec(
        """
          | prior_therapies                | prior_irinotecan
        --+--------------------------------+-----------------
        A | [vincristine]                  |
        B | [irinotecan]                   |
        C | [temozolomide]                 |
        D |                                | no
        E |                                | yes
        F | at least [vincristine]         |
        G | at least [temozolomide]        |
        """,
        library.rules["vincristine-irinotecan-temozolomide"].when,
        {
            "A": MET,
            "B": NOT_MET,
            "C": NOT_MET,
            "D": UNKNOWN,
            "E": NOT_MET,
            "F": UNKNOWN,
            "G": NOT_MET,
        },
    )


def test_an_unrecorded_field_never_makes_reirradiation_an_option(spec, library):
    """Re-irradiation is an option only where the site is recorded as irradiated before."""
    spec(
        """
          | prior_radiotherapy | prior_radiotherapy_at_relapse_site
        --+--------------------+-----------------------------------
        A | yes                | yes
        B | yes                | no
        C | yes                |
        D | no                 |
        E |                    |
        F |                    | yes
        """,
        library.rules["reirradiation"].when,
        {"A": MET, "B": NOT_MET, "C": UNKNOWN, "D": NOT_MET, "E": UNKNOWN, "F": MET},
    )
