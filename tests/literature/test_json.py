"""ClinicalTrials.gov and JSON Lines: records apart, results as tables, wrong kinds named."""

import gzip
import json
import time
import tracemalloc

import pytest

from secondline.literature import files
from secondline.literature.files import CHUNK, LARGEST_RECORD, opened
from secondline.literature.reading import steps
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


def study(number, title="Brief"):
    """Return a study as one line of JSON."""
    identity = {"nctId": f"NCT0000000{number}", "briefTitle": title}
    return json.dumps({"protocolSection": {"identificationModule": identity}, "hasResults": False})


def named(found):
    """Return the NCT number of each study, and None for each bad record."""
    return [getattr(each, "id", None) and each.id.removeprefix("nct:NCT0000000") for each in found]


@pytest.mark.parametrize("cut", range(1, len(study(3))))
def test_a_study_cut_anywhere_costs_itself_alone_among_lines(records, cut):
    lines = [study(1), study(2), study(3)[:cut], study(4), study(5)]
    found, broken = records("\n".join(lines), "s.json")
    assert broken is None
    assert named(found) == ["1", "2", None, "4", "5"]


@pytest.mark.parametrize("indent", [None, 0, 2])
@pytest.mark.parametrize("divided", [", ", ",\n"])
def test_a_study_cut_in_a_list_costs_itself_alone(records, indent, divided):
    one, two, three = (json.dumps(json.loads(study(n)), indent=indent) for n in (1, 2, 3))
    for cut in (len(two) - 1, two.index("Brief"), two.index(":")):
        found, broken = records(f"[{one},\n{two[:cut]}{divided}{three}]", "s.json")
        assert (named(found), broken) == (["1", None, "3"], None)
        assert "another record begins before it ends" in found[1].reason


def test_a_line_that_is_no_object_costs_itself_alone(records):
    found, broken = records(f"{study(1)}\ngarbage line\n{study(2)}\n]}}\n{study(3)}\nend", "s.json")
    assert (named(found), broken) == (["1", None, "2", None, "3", None], None)
    assert found[1].reason == "something other than an object stands here: 'garbage line'"


def test_a_bad_record_has_its_place_and_reading_goes_on_behind_it(written):
    content = f"{study(1)}\n{study(2)[:40]}\ngarbage\n{study(3)}\nwords\n{study(4)}\n"
    path = written(content, "s.json")
    with opened(path) as source:
        found = list(steps(source, path))
    later = [content.index(each) for each in (study(3), "words", study(4))]
    assert [step.position for step in found] == [0, len(study(1)) + 1, *later]
    for done, step in enumerate(found, start=1):
        with opened(path) as source:
            assert list(steps(source, path, step.end)) == found[done:]


@pytest.mark.parametrize(
    "value", ["null", "5", "true", '"a, ] text"', "[1, [2]]", "{}", "nul{l", r'"\\"', "}"]
)
def test_a_value_in_a_list_that_is_no_study_costs_itself_alone(records, value):
    answer = f'{{"studies":[{study(1)}, {value}\n, {study(2)} ]}}'
    for content in (f"[{study(1)},{value},{study(2)}]", answer):
        found, broken = records(content, "s.json")
        assert (named(found), broken) == (["1", None, "2"], None)
    assert named(records(f"[{study(1)}, {value}]", "s.json")[0])[:2] == ["1", None]


def test_a_list_that_seems_to_end_and_the_next_page_are_read(records):
    pages = f'{{"studies": [{study(1)}], "nextPageToken": "x"}}\n{{"studies": [{study(2)}]}}\n'
    found, broken = records(pages + " " * (3 * CHUNK) + f"[{study(3)}]", "s.json")
    assert (named(found), broken) == (["1", "2", "3"], None)


def test_studies_with_another_first_key_are_read_behind_a_bad_one(records):
    one, two, three = (study(n).replace("{", '{"_id": 1, ', 1) for n in (1, 2, 3))
    found, broken = records(f"{one}\n{two[:60]}\n{three}\n", "s.json")
    assert (named(found), broken) == (["1", None, "3"], None)


def test_where_a_piece_that_is_read_ends_changes_nothing(records, monkeypatch):
    odd = study(1, 'a "}]{[\\" \\\\" é' * 3)
    content = f"[{odd}, {study(2)[:50]}, {study(3)}, words, {odd}]"
    whole = records(content, "s.json")
    assert named(whole[0]) == ["1", None, "3", None, "1"]
    monkeypatch.setattr(files, "HEAD", 30)
    for size in range(1, 60):
        monkeypatch.setattr(files, "CHUNK", size)
        assert records(content, "s.json") == whole


def test_a_study_beyond_all_sizes_is_left_out_at_flat_memory(written):
    huge = study(2, "x" * (LARGEST_RECORD + 3 * CHUNK))
    for content in (f"[{study(1)},{huge},{study(3)}]", f"{study(1)}\n{huge[:-40]}\n{study(3)}"):
        path = written(gzip.compress(content.encode(), 1), "s.json")
        del content
        found, peak = measured(path)
        assert named(found) == ["1", None, "3"]
        assert found[1] == Rejected(record="NCT00000002", reason="it is larger than 64 MiB")
        assert peak < 3 * LARGEST_RECORD


def measured(path):
    """Read a file; return its records, and how many bytes of memory that took at most."""
    tracemalloc.start()
    with opened(path) as source:
        found = [record for step in steps(source, path) for record in step.records]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return found, peak


@pytest.mark.parametrize("text", ["x", '\\"', "\\", "{[", "\n", "é"])
def test_a_long_text_is_looked_through_once(written, text):
    """Looked through again for each piece that is read, 8 million bytes took 33 s."""
    path = written(study(1, text * (8_000_000 // len(text))), "s.json")
    began = time.process_time()
    with opened(path) as source:
        (step,) = steps(source, path)
    assert step.records[0].id == "nct:NCT00000001"
    assert time.process_time() - began < 10


def test_blanks_and_figures_without_end_are_looked_through_once(written):
    path = written(study(1).replace("false", " " * 8_000_000 + "1" * 4000), "s.json")
    began = time.process_time()
    with opened(path) as source:
        (step,) = steps(source, path)
    assert step.records[0].id == "nct:NCT00000001"
    assert time.process_time() - began < 10


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


def test_a_line_beyond_all_sizes_is_left_out_and_the_next_is_read_at_flat_memory(written):
    long = '{"id": "2", "text": "' + "x" * (2 * LARGEST_RECORD) + '"}'
    content = '{"id": "1", "text": "x"}\n' + long + '\n{"id": "3", "text": "y"}\n' + long
    path = written(gzip.compress(content.encode(), 1), "own.jsonl")
    del content, long
    found, peak = measured(path)
    left_out = Rejected(record="2", reason="it is larger than 64 MiB")
    assert [getattr(each, "id", each) for each in found] == ["text:1", left_out, "text:3", left_out]
    assert peak < 3 * LARGEST_RECORD


ONE_A_LINE = "it is not JSON: it ends too early; one object a line is expected, without line breaks"


def test_objects_spread_over_lines_say_that_one_a_line_is_expected(records):
    texts = [{"id": str(n), "text": "x", "authors": ["A", "B"]} for n in range(3)]
    good = '{"id": "9", "text": "y"}\n'
    spread = "".join(json.dumps(each, indent=2) + "\n" for each in texts)
    found, broken = records(good + spread + good, "own.jsonl")
    assert broken is None
    assert [each.id for each in (found[0], found[-1])] == ["text:9", "text:9"]
    assert [each.reason for each in found[1:-1]] == [ONE_A_LINE] * 3
    listed = records(json.dumps(texts, indent=2), "own.jsonl")[0]
    assert [each.reason for each in listed] == [ONE_A_LINE]
    unindented = records(json.dumps(texts[0], indent=0), "own.jsonl")[0]
    assert unindented[0].reason == ONE_A_LINE


def test_a_good_line_behind_a_cut_one_is_read_also_where_it_is_indented(records):
    found, _ = records('{"id": "1",\n  {"id": "2", "text": "x"}\n  {"id": "3"}\n', "own.jsonl")
    assert [getattr(each, "id", None) for each in found] == [None, "text:2", None]
    assert found[2].reason == 'it has no "text"'
