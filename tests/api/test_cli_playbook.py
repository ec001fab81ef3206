"""The verbs of `leadline playbook`."""

import json
import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from rules.sample import sample_cases, sample_playbook
from store.playbooks import publish
from tests.api.builders import HOT, NOW, House, Run, printed


def test_a_clean_playbook_has_no_problems(run: Run, playbook: Path) -> None:
    assert printed(run("playbook", "check", playbook, "--json")) == {"problems": []}
    assert run("playbook", "check", playbook).output == f"{playbook}: no problems\n"


def test_a_broken_playbook_shows_line_and_caret(run: Run, playbook: Path) -> None:
    playbook.write_text(sample_playbook().replace("    then: {add: -25", "    thn: {add: -25"), encoding="utf-8")

    result = run("playbook", "check", playbook)

    assert result.exit_code == 1
    assert "'thn' is not a rule key; did you mean 'then'? [unknown-key]\n" in result.output
    assert "\n        ^\n" in result.output


def test_a_broken_playbook_is_told_as_json(run: Run, playbook: Path) -> None:
    playbook.write_text("version: 2", encoding="utf-8")

    result = run("playbook", "check", playbook, "--json")

    assert result.exit_code == 1
    assert set(json.loads(result.stdout)["problems"][0]) == {"file", "line", "column", "code", "message", "hint"}


def test_the_sample_passes_its_cases(run: Run, playbook: Path) -> None:
    report = printed(run("playbook", "test", playbook, "--json"))

    assert (report["failed"], report["uncovered"]) == (0, [])
    assert report["passed"] == len(report["cases"]) > 5


def test_a_case_that_fails_fails_the_verb(run: Run, playbook: Path) -> None:
    cases = playbook.with_name("playbook.cases.yaml")
    cases.write_text(cases.read_text().replace("qualified: true", "qualified: false", 1), encoding="utf-8")

    result = run("playbook", "test", playbook)

    assert result.exit_code == 1
    assert "FAIL" in result.output


def test_a_failing_case_is_shown_as_the_reference_shows_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report in docs/playbook.md is what the verb prints for the examples there."""
    document = (Path(__file__).parents[2] / "docs" / "playbook.md").read_text(encoding="utf-8")
    examples = dict(re.findall(r"^```((?:yaml|text)[ \w]*)\n(.*?)^```$", document, re.MULTILINE | re.DOTALL))
    monkeypatch.chdir(tmp_path)
    Path("playbook.yaml").write_text(examples["yaml playbook"], encoding="utf-8")
    Path("playbook.cases.yaml").write_text(
        examples["yaml cases"].replace("score: {at_least: 60}", "score: {at_least: 75}"), encoding="utf-8"
    )

    result = run("playbook", "test", "playbook.yaml")

    assert result.output.startswith(examples["text test"])
    assert "  route everyone-else\n" in result.output


def test_failing_cases_annotate_a_pull_request(run: Run, playbook: Path) -> None:
    cases = playbook.with_name("playbook.cases.yaml")
    cases.write_text(cases.read_text().replace("grade: A", "grade: B", 1), encoding="utf-8")

    result = run("playbook", "test", playbook, "--format", "github")

    assert result.exit_code == 1
    assert result.output.startswith(f"::error file={cases},line=11,col=14,title=case::A German enterprise asks")
    assert "expected grade is 'B', found grade 'A'; +60.0 fit 80" in result.output


@pytest.mark.parametrize(("form", "start"), [("github", "::error file="), ("sarif", "{"), ("json", "{")])
def test_broken_cases_annotate_a_pull_request_too(run: Run, playbook: Path, form: str, start: str) -> None:
    cases = playbook.with_name("playbook.cases.yaml")
    cases.write_text(cases.read_text().replace("rules: students", "rules: pupils", 1), encoding="utf-8")

    result = run("playbook", "test", playbook, "--format", form)

    assert (result.exit_code, result.stdout[: len(start)], result.stderr) == (1, start, "")
    assert "'pupils' is not a rule" in result.stdout


@pytest.mark.parametrize("form", ["human", "github"])
def test_a_file_of_another_encoding_is_a_problem_like_any_other(run: Run, tmp_path: Path, form: str) -> None:
    """Old editors save so; the byte is shown at its place."""
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("version: 1\n# Grüße\n".encode("latin-1"))

    result = run("playbook", "check", latin, "--format", form)

    places = {"human": f"{latin}:2:5: ", "github": f"::error file={latin},line=2,col=5,title=encoding::"}
    assert result.exit_code == 1
    assert result.stdout.startswith(f"{places[form]}the byte 0xfc is not UTF-8; save the file as UTF-8")


def test_failing_cases_are_code_scanning_alerts(run: Run, playbook: Path) -> None:
    cases = playbook.with_name("playbook.cases.yaml")
    cases.write_text(cases.read_text().replace("grade: A", "grade: B", 1), encoding="utf-8")

    told = json.loads(run("playbook", "test", playbook, "--format", "sarif").stdout)

    (result,) = told["runs"][0]["results"]
    assert (result["ruleId"], result["locations"][0]["physicalLocation"]["region"]["startLine"]) == ("case", 11)


def test_cases_that_reach_too_little_can_fail_the_verb(run: Run, playbook: Path) -> None:
    """The sample's own cases reach all of it."""
    cases = playbook.with_name("playbook.cases.yaml")
    whole = run("playbook", "test", playbook, "--fail-under", "100")
    cases.write_text(cases.read_text().split("  # The rest")[0], encoding="utf-8")

    result = run("playbook", "test", playbook, "--fail-under", "90")

    assert (whole.exit_code, result.exit_code) == (0, 1)
    assert "less than 90%" in result.stderr


def test_a_playbook_without_cases_fails_the_test(run: Run, playbook: Path) -> None:
    playbook.with_name("playbook.cases.yaml").unlink()

    result = run("playbook", "test", playbook)

    assert (result.exit_code, "there are no cases" in result.stderr) == (1, True)


def test_publishing_puts_a_playbook_into_force(run: Run, home: Path, playbook: Path) -> None:
    result = run("playbook", "publish", playbook, "--because", "Berlin takes Austria", "--by", "ops")

    history = printed(run("playbook", "history", "--json"))

    assert result.output == "Playbook 2 is in force.\n"
    assert history["active"] == 2
    assert {each["number"]: each["because"] for each in history["publications"]}[2] == "Berlin takes Austria"


def test_a_broken_playbook_is_not_published(run: Run, home: Path, playbook: Path) -> None:
    playbook.write_text("version: 2", encoding="utf-8")

    result = run("playbook", "publish", playbook, "--because", "test")

    assert result.exit_code == 1
    assert f"{playbook}:1:10:" in result.stderr
    assert printed(run("playbook", "history", "--json"))["active"] == 1


def test_a_playbook_that_fails_its_cases_is_not_published(run: Run, home: Path, playbook: Path) -> None:
    playbook.write_text(sample_playbook().replace("respond_within: 15m", "respond_within: 30m"), encoding="utf-8")

    result = run("playbook", "publish", playbook, "--because", "test")

    assert result.exit_code == 1
    assert "Error: 4 of its 31 cases fail; `leadline playbook test " in result.stderr


def test_a_playbook_without_cases_is_published_only_when_told_so(run: Run, home: Path, playbook: Path) -> None:
    playbook.with_name("playbook.cases.yaml").unlink()

    refused = run("playbook", "publish", playbook, "--because", "test")
    published = run("playbook", "publish", playbook, "--because", "test", "--without-cases")

    assert refused.exit_code == 1
    assert "there are no cases" in refused.stderr
    assert "--without-cases" in refused.stderr
    assert published.output == "Playbook 2 is in force.\n"


def test_cases_may_stand_elsewhere(run: Run, home: Path, playbook: Path, tmp_path: Path) -> None:
    elsewhere = playbook.with_name("playbook.cases.yaml").rename(tmp_path / "elsewhere.yaml")

    assert run("playbook", "publish", playbook, "--because", "test", "--cases", elsewhere).exit_code == 0


def test_a_blank_reason_is_none(run: Run, home: Path, playbook: Path) -> None:
    assert run("playbook", "publish", playbook, "--because", "  ").exit_code == 2
    assert run("playbook", "rollback", "1", "--because", "").exit_code == 2


def test_rolling_back_twice_goes_two_versions_back(run: Run, home: Path, playbook: Path) -> None:
    for _ in range(2):
        run("playbook", "publish", playbook, "--because", "test")

    said = [run("playbook", "rollback", "--because", "worse").output for _ in range(3)]

    assert said == [
        "Playbook 2 is in force again.\n",
        "Playbook 1 is in force again.\n",
        "Error: nothing was in force before it; name a version, `leadline playbook history` lists them\n",
    ]


def test_any_kept_version_can_be_put_into_force_again(run: Run, home: Path, playbook: Path) -> None:
    run("playbook", "publish", playbook, "--because", "test")

    assert printed(run("playbook", "rollback", "1", "--because", "worse", "--json")) == {"number": 1}
    assert run("playbook", "rollback", "1", "--because", "worse").stderr == "Error: playbook 1 is in force already\n"
    assert run("playbook", "rollback", "7", "--because", "worse").exit_code == 1


def test_a_kept_version_and_its_cases_are_printed(run: Run, home: Path, playbook: Path) -> None:
    run("playbook", "publish", playbook, "--because", "test", "--without-cases")

    kept, cases = run("playbook", "history", "1"), run("playbook", "history", "1", "--cases")

    assert (kept.output, cases.output) == (sample_playbook(), sample_cases())
    assert run("playbook", "history", "2", "--cases").stderr == (
        "Error: no cases are kept with playbook 2: it came into force untested\n"
    )
    assert run("playbook", "history", "--cases").exit_code == 2
    assert run("playbook", "history", "3").exit_code == 1
    assert [each["tested"] for each in printed(run("playbook", "history", "--json"))["publications"]] == [False, True]


def test_going_back_tries_the_kept_cases(run: Run, home: Path, playbook: Path) -> None:
    """They may fail where what decides has changed since, as a new Leadline or new holidays would."""
    run("playbook", "publish", playbook, "--because", "test")
    with closing(sqlite3.connect(home / "leadline.db")) as database, database:
        database.execute("update playbook_versions set cases = replace(cases, 'T09:15', 'T09:20') where number = 1")

    tried = run("playbook", "rollback", "--because", "worse")
    untried = run("playbook", "rollback", "--because", "worse", "--without-cases")

    assert (tried.exit_code, tried.stderr[:62]) == (
        1,
        "Error: 1 of its 31 cases fails, so playbook 1 stays out of for",
    )
    assert untried.output == "Playbook 1 is in force again.\n"


def test_publishing_over_anothers_edit_is_refused(run: Run, home: Path, playbook: Path) -> None:
    run("playbook", "publish", playbook, "--because", "first")

    result = run("playbook", "publish", playbook, "--because", "second", "--edited", 1)

    assert (result.exit_code, result.stderr) == (
        1,
        "Error: playbook 1 was edited, but 2 is in force now; read it and edit that\n",
    )


def test_the_schema_is_json(run: Run) -> None:
    assert printed(run("playbook", "schema"))["$schema"].startswith("https://json-schema.org/")
    assert "cases" in printed(run("playbook", "schema", "--cases"))["properties"]


@pytest.fixture
def lead_file(tmp_path: Path) -> Path:
    """A hot lead as a file."""
    (tmp_path / "lead.json").write_text(json.dumps(HOT), encoding="utf-8")
    return tmp_path / "lead.json"


def test_explain_needs_no_database(run: Run, playbook: Path, lead_file: Path) -> None:
    result = run("playbook", "explain", playbook, "--lead", lead_file, "--probability", 0.4, "--fit", 80)

    assert result.exit_code == 0
    assert "  enterprise-emea: taken (Enterprises in our European home markets have their own team)" in result.stdout
    assert result.stderr == ""


def test_explain_takes_an_instant_and_says_why_a_lead_is_not_routed(run: Run, playbook: Path, lead_file: Path) -> None:
    assumed = ("--lead", lead_file, "--probability", 0, "--fit", 0)

    result = run("playbook", "explain", playbook, *assumed, "--at", "2026-03-06T19:00:00+01:00")

    assert result.exit_code == 0
    assert "none is tried: the lead does not qualify: the score is " in result.output
    assert run("playbook", "explain", playbook, *assumed, "--at", "yesterday").exit_code == 2


def test_explain_without_a_model_says_what_it_assumed(run: Run, playbook: Path, lead_file: Path) -> None:
    result = run("playbook", "explain", playbook, "--lead", lead_file)

    assert result.exit_code == 0
    assert result.stderr.startswith("Warning: no model is in force here")


def test_explain_uses_what_is_in_force(run: Run, home: Path, lead_file: Path) -> None:
    explained = printed(run("playbook", "explain", "--lead", lead_file, "--json"))

    assert (explained["decision"]["model"], explained["decision"]["playbook"]) == ("2026-03-01.1", 1)
    assert explained["routes"][0]["outcome"] == "taken"


def test_a_kept_lead_is_explained_as_it_stands_and_its_decision_as_it_was_taken(
    run: Run, house: House, playbook: Path
) -> None:
    """The activity came later; the house's clock stands in the time of the test, the verb's does not."""
    kept = house.post("/v1/leads", HOT, kind="crm").json
    with house.database.begin() as tx:
        publish(tx, f"# Later.\n{sample_playbook()}", by="test", because="test", now=NOW)
    house.clock.forward(timedelta(hours=1))
    house.post(f"/v1/leads/{kept['lead_id']}/activities", {"kind": "pricing_page"}, kind="crm")

    then = printed(run("playbook", "explain", "--id", kept["id"], "--json"))["decision"]
    now = printed(run("playbook", "explain", "--id", kept["lead_id"], "--at", NOW + timedelta(hours=1), "--json"))
    draft = printed(run("playbook", "explain", playbook, "--id", kept["id"], "--json"))["decision"]

    same = ("probability", "fit", "engagement", "score", "grade", "tags", "playbook")
    assert [then[name] for name in same] == [kept[name] for name in same]
    assert then["sla"] == kept["sla"]
    assert (now["decision"]["playbook"], now["decision"]["model"], now["decision"]["engagement"]) == (
        *(2, "2026-03-01.1"),
        10.0,
    )
    assert (draft["playbook"], draft["score"]) == (0, kept["score"])


def test_what_is_explained_must_be_one_lead_that_is_there(run: Run, home: Path, lead_file: Path) -> None:
    unknown = run("playbook", "explain", "--id", "nobody")

    assert (unknown.exit_code, unknown.stderr) == (
        1,
        "Error: neither a lead nor a decision nobody is kept; `leadline leads list` shows the leads that are\n",
    )
    assert run("playbook", "explain").exit_code == 2
    assert run("playbook", "explain", "--id", "nobody", "--lead", lead_file).exit_code == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", ":1:2: not JSON: "), ('{"email": "ann"}', " holds no lead:\n  email: not an e-mail address")],
)
def test_a_file_that_holds_no_lead_is_a_clear_error(
    run: Run, playbook: Path, lead_file: Path, text: str, message: str
) -> None:
    lead_file.write_text(text, encoding="utf-8")

    result = run("playbook", "explain", playbook, "--lead", lead_file)

    assert result.exit_code == 1
    assert f"Error: {lead_file}{message}" in result.stderr
