"""Looking into the library from the command line."""

import csv
import io
import json
import shutil

import pytest
import rispy
from bibtexparser import parse_string

from command import failed, run
from secondline import desk as door

ONE = "rms-vit-0910-response"


def test_stats_count_what_is_held(library):
    counted = json.loads(run("library", "stats", "--json").stdout)
    assert counted["sources"] == len(library.sources)
    assert counted["statements"] == len(library.statements)
    assert counted["findings"] == sum(len(s.findings) for s in library.statements.values())
    assert (
        sum(each["statements"] for each in counted["by_disease"].values()) == counted["statements"]
    )
    assert counted["standing"] == {"submitted": counted["statements"]}
    assert f"{counted['findings']} findings" in run("library", "stats").stdout.decode()


def test_show_prints_a_record_with_its_standing_and_digest():
    record = json.loads(run("library", "show", ONE, "--json").stdout)
    assert (record["record"], record["standing"], len(record["digest"])) == (
        "statement",
        "submitted",
        64,
    )
    assert record["sources"][0]["id"] == record["citation"]["source"]
    text = run("library", "show", ONE).stdout.decode()
    assert "standing: submitted" in text
    assert "events: 24, n: 55" in text


def test_show_opens_every_kind_of_record(desk, library):
    for records in (
        library.sources,
        library.rules,
        library.drugs,
        library.facts,
        library.endpoints,
    ):
        id_ = next(iter(records))
        assert desk.show(id_)["record"]
    assert ONE in desk.show("vit0910-ascopost")["cited_by"]


def test_an_unknown_id_is_refused_with_the_nearest():
    failed(run("library", "show", "rms-vit-0910-respons"), 4, f"did you mean {ONE}?")


def test_find_filters_and_ranks():
    found = json.loads(
        run("library", "find", "temsirolimus", "--disease", "rhabdomyosarcoma", "--json").stdout
    )
    assert "temsirolimus" in json.dumps(found[0])
    assert {
        each["topic"]
        for each in json.loads(run("library", "find", "--topic", "toxicity", "--json").stdout)
    } == {"toxicity"}
    listed = run("library", "find", "--source", "chisholm2011").stdout.decode()
    assert "submitted. Submitted means that no clinician has reviewed" in " ".join(listed.split())
    assert run("library", "find", "--source", "nobody").stdout.decode() == "No statement.\n"


def test_findings_are_exported_as_rows(library):
    rows = list(
        csv.DictReader(io.StringIO(run("library", "export", "findings-csv").stdout.decode()))
    )
    assert len(rows) == sum(len(s.findings) for s in library.statements.values())
    row = next(r for r in rows if r["statement"] == ONE)
    assert (row["estimate"], row["events"], row["n"], row["standing"]) == (
        "44%",
        "24",
        "55",
        "submitted",
    )
    assert row["edition"] == library.edition


def test_sources_are_exported_for_reference_managers(library):
    wanted = {s.id for id_, s in library.sources.items() if library.citing(id_)}
    entries = parse_string(run("library", "export", "bibtex").stdout.decode())
    assert not entries.failed_blocks
    assert {entry.key for entry in entries.entries} == set(library.sources)
    records = rispy.loads(run("library", "export", "ris").stdout.decode())
    assert {record["id"] for record in records} == set(library.sources)
    items = json.loads(run("library", "export", "csl-json").stdout)
    assert wanted <= {item["id"] for item in items}
    chisholm = next(item for item in items if item["id"] == "chisholm2011")
    assert chisholm["author"][0] == {"family": "Chisholm", "given": "JC"}
    assert chisholm["PMID"] == "21357778"


def test_names_and_identifiers_are_what_reference_managers_read(desk):
    entries = parse_string(desk.export("bibtex")).entries_dict
    assert entries["chisholm2011"]["author"].startswith("Chisholm, JC and ")
    assert "\\" not in entries["anbl1821-2025"]["doi"]
    records = {record["id"]: record for record in rispy.loads(desk.export("ris"))}
    assert records["chisholm2011"]["authors"][0] == "Chisholm, JC"
    assert not any("others" in record.get("authors", ()) for record in records.values())


def test_nothing_that_is_zero_is_left_out(desk):
    zero = next(s for s in desk.library.statements.values() for f in s.findings if f.events == 0)
    assert any(finding.get("events") == 0 for finding in desk.show(zero.id)["findings"])


def test_the_sources_of_one_disease_are_those_it_cites(desk):
    few = json.loads(desk.export("csl-json", disease="rhabdomyosarcoma"))
    assert 0 < len(few) <= len(desk.library.sources)


def test_the_schema_describes_every_file(desk):
    schemas = json.loads(desk.export("json-schema"))
    assert {"sources", "statements", "terms/facts"} <= set(schemas)
    keys = schemas["statements"]["$defs"]["Statement"]["properties"]
    assert {"says", "findings", "groups_total"} <= set(keys)


def test_an_export_can_go_to_a_file(tmp_path):
    target = tmp_path / "sources.ris"
    assert run("library", "export", "ris", "--output", str(target)).stdout == b""
    assert len(rispy.loads(target.read_text("utf-8"))) > 100
    failed(
        run("library", "export", "ris", "--output", str(tmp_path / "no" / "x")),
        3,
        "cannot be written",
    )


def test_a_disease_that_is_not_held_is_refused_by_every_export():
    for form in ("bibtex", "findings-csv"):
        failed(run("library", "export", form, "--disease", "measles"), 4, "is not a disease")


@pytest.mark.parametrize("name", ["", "measles"])
def test_a_page_is_of_one_disease(name):
    arguments = ["--disease", name] if name else []
    failed(run("library", "export", "page", *arguments), 4, "disease")


def test_the_page_of_each_disease_is_up_to_date(desk, same_page):
    for disease in desk.library.diseases:
        if desk.find(disease=disease):
            same_page(f"evidence/{disease}.md", desk.export("page", disease=disease))


def test_verify_says_what_is_not_found(tmp_path):
    (tmp_path / "texts.jsonl").write_text(
        '{"id": "vit0910-ascopost", "text": "nothing"}\n', "utf-8"
    )
    process = run("library", "verify", "--sources", str(tmp_path))
    assert process.returncode == 1
    assert "are not found" in process.stdout.decode()
    counted = json.loads(run("library", "verify", "--sources", str(tmp_path), "--json").stdout)
    assert len(counted["not_found"]) == counted["findings"] - counted["explained"]
    failed(run("library", "verify", "--sources", str(tmp_path / "no")), 3, "is not a folder")


def test_check_refuses_a_broken_folder(tmp_path, library):
    shutil.copytree(library.root, tmp_path / "knowledge")
    (tmp_path / "knowledge" / "reviews.jsonl").write_text("no log\n", "utf-8")
    process = run("library", "check", "--knowledge", str(tmp_path / "knowledge"))
    assert process.returncode == 1
    assert b"reviews.jsonl: 1 problem" in process.stdout
    assert list(door.check(tmp_path / "knowledge"))
