"""ClinicalTrials.gov and JSON Lines: records apart, results as tables, wrong kinds named."""

import json

import pytest

from secondline.literature.records import Rejected

STUDY = {
    "protocolSection": {
        "identificationModule": {
            "nctId": "NCT00000001",
            "orgStudyIdInfo": {"id": "ABC1"},
            "briefTitle": "Brief",
            "officialTitle": "Official",
        },
        "statusModule": {
            "overallStatus": "WITHDRAWN",
            "whyStopped": "No funding",
            "startDateStruct": {"date": "2007-11"},
        },
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": "A group"}},
        "descriptionModule": {"briefSummary": "We  look.\nTwice."},
        "conditionsModule": {"conditions": ["Neuroblastoma"], "keywords": ["relapse"]},
        "designModule": {"studyType": "INTERVENTIONAL", "phases": ["PHASE2"]},
        "armsInterventionsModule": {"interventions": [{"type": "DRUG", "name": "drug A"}]},
        "referencesModule": {
            "references": [
                {"pmid": "77", "type": "RESULT", "citation": "One."},
                {"type": "BACKGROUND", "citation": "Two."},
            ]
        },
    },
    "resultsSection": {
        "outcomeMeasuresModule": {
            "outcomeMeasures": [
                {
                    "type": "PRIMARY",
                    "title": "EFS",
                    "unitOfMeasure": "percent probability",
                    "paramType": "NUMBER",
                    "timeFrame": "3 years",
                    "groups": [{"id": "O1", "title": "One"}, {"id": "O2", "title": "Two"}],
                    "denoms": [
                        {"units": "Participants", "counts": [{"groupId": "O1", "value": "179"}]}
                    ],
                    "classes": [
                        {
                            "categories": [
                                {
                                    "measurements": [
                                        {"groupId": "O1", "value": "48.8", "lowerLimit": "41.1", "upperLimit": "56.5"},
                                        {"groupId": "O2", "value": "61.8", "spread": "4.1"},
                                    ]
                                }
                            ]
                        }
                    ],
                    "analyses": [{"pValue": "0.0082", "statisticalMethod": "Log Rank"}],
                },
                {"type": "SECONDARY", "title": "Toxicity", "unitOfMeasure": "proportion of participants"},
            ]
        }
    },
}  # fmt: skip


def test_a_study_is_read_with_its_phase_and_status(only):
    study = only(json.dumps(STUDY))
    assert (study.id, study.registration) == ("nct:NCT00000001", ("NCT00000001", "ABC1"))
    assert (study.title, study.status, study.phases) == ("Official", "WITHDRAWN", ("PHASE2",))
    assert (study.date.year, study.date.month, study.date.day) == (2007, 11, None)
    assert study.abstract[0].text == "We look.\nTwice."
    assert {each.heading: each.text for each in study.body}[("Why stopped",)] == "No funding"
    assert [(each.relation, each.pmid) for each in study.links] == [("associated with", "77")]


def test_results_are_tables_with_units_and_denominators_as_printed(only):
    study = only(json.dumps(STUDY))
    first, second = study.tables
    assert first.caption == "EFS; percent probability; NUMBER; 3 years"
    assert [[cell.text for cell in row] for row in first.rows] == [
        ["", "One", "Two"],
        ["Participants analyzed", "179", ""],
        ["", "48.8 (41.1 to 56.5)", "61.8 (± 4.1)"],
    ]
    assert first.notes == "Log Rank; P 0.0082"
    assert second.unreadable == "table not readable: no values are posted"
    assert study.oddities == (
        "outcomes are given as percentages and as proportions; read the unit of each table",
    )


def test_nearly_nothing_is_a_study_too(only):
    study = only('{"protocolSection": {"identificationModule": {"nctId": "NCT00000002"}}}')
    assert (study.id, study.title, study.oddities) == ("nct:NCT00000002", "", ("it has no status",))


def test_studies_come_alone_in_a_list_in_an_answer_and_as_lines(records):
    one, two = (
        json.dumps({"protocolSection": {"identificationModule": {"nctId": f"NCT0000000{n}", "briefTitle": 'a "}]{" b'}}})
        for n in (1, 2)
    )  # fmt: skip
    for content in (
        f"[{one},\n {two}]",
        f'{{"totalCount": 2, "studies": [{one}, {two}], "nextPageToken": "x"}}',
        f"{one}\n{two}\n",
        f"\ufeff{one} {two}",
    ):
        found, broken = records(content, "s.json")
        assert ([each.id for each in found], broken) == (
            ["nct:NCT00000001", "nct:NCT00000002"],
            None,
        )


def test_a_bad_study_costs_itself_alone(records):
    good = json.dumps(STUDY)
    bad = good.replace('"conditions": ["Neuroblastoma"]', '"conditions": "Neuroblastoma"')
    unnamed = good.replace("NCT00000001", "one")
    not_json = good.replace('"WITHDRAWN"', "WITHDRAWN")
    found, broken = records(f"[{bad}, {unnamed}, {not_json}, {good}]", "s.json")
    assert broken is None
    assert [each.reason for each in found[:2]] == [
        "protocolSection.conditionsModule.conditions is no list",
        "its NCT number is 'one'",
    ]
    assert found[2].reason.startswith("it is not JSON: ")
    assert (found[0].record, found[3].id) == ("NCT00000001", "nct:NCT00000001")


def test_a_cut_list_keeps_what_came_before(records):
    content = json.dumps([STUDY, STUDY])
    found, broken = records(content[:-100], "s.json")
    assert len(found) == 1
    assert "it ends inside an object" in broken
    assert "it ends before its list does" in records(content[:-1], "s.json")[1]


# JSON Lines


def test_a_line_is_a_document(only):
    document = only(
        json.dumps(
            {"id": "a", "title": "T", "text": "One.\nTwo.", "year": 2001, "pmid": 5, "authors": "A, B"}
            | {"phases": ["PHASE1"], "own": 1}
        )
    )  # fmt: skip
    assert (document.id, document.kind, document.pmid, document.year) == (
        "text:a",
        "text",
        "5",
        2001,
    )
    assert document.abstract[0].text == "One.\nTwo."
    assert (document.authors[0].collective, document.phases) == ("A, B", ("PHASE1",))
    assert document.oddities == ("not read: own",)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"text": "x"}', 'it has no "id"'),
        ('{"id": "a"}', 'it has no "text"'),
        ('{"id": "a", "text": ["x"]}', "text is no text"),
        ('{"id": "a", "text": "x", "year": "soon"}', "year 'soon' is no year"),
        ('{"id": "a", "text": "x", "pmid": "PMC1"}', "pmid 'PMC1' is no number of PubMed"),
        ('{"id": true, "text": "x"}', "id is no text"),
        ('["a"]', "it is no JSON object"),
        ('{"id": "a", "text": "x\\u0000"}', "it holds a NUL, which is no character of a text"),
        ('{"id": "a", "text": "x\\ud800"}', "it holds half of a character"),
        ("{not json}", "it is not JSON: Expecting property name"),
        ("[" * 100_000, "it is not JSON: "),
    ],
)
def test_a_bad_line_costs_itself_alone(records, line, reason):
    found, broken = records('{"_id": "1", "text": "x"}\n' + line + '\n{"_id": "2", "text": "y"}')
    assert broken is None
    assert [each.id for each in (found[0], found[2])] == ["text:1", "text:2"]
    assert isinstance(found[1], Rejected)
    assert found[1].reason.startswith(reason)


def test_an_escaped_character_is_read(only):
    assert only('{"id": "a", "text": "\\ud83d\\ude00 \\\\u0000"}').abstract[0].text == "😀 \\u0000"


def test_a_line_in_another_encoding_costs_itself_alone(records):
    found, broken = records(b'{"id": "1", "text": "x"}\n{"id": "2", "text": "\xfc"}\n')
    assert (found[0].id, found[1].reason, broken) == ("text:1", "it is not UTF-8", None)
