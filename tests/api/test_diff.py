"""`leadline playbook diff` and its door."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from api.diff.chunks import file_chunks, kept_chunks
from api.diff.leads import read_leads
from api.diff.run import compare
from api.diff.schema import COMPARISON
from models.exchange import exported
from rules.compile import compile_playbook
from rules.read import read_playbook
from rules.sample import sample_playbook
from store.playbooks import publish
from store.replay import decision_ids
from tests.api.builders import HOT, NOW, Answered, House, Run, model

LONGER = sample_playbook().replace("respond_within: 15m", "respond_within: 30m")
LEADS = """\
email,country,source,employees,probability,fit
ann@big.example,DE,demo_request,4000,0.4,90
bob@b.example,FR,,9,0.1,5
"""


@pytest.fixture
def longer(playbook: Path) -> Path:
    """The sample playbook with a longer promise."""
    path = playbook.with_name("longer.yaml")
    path.write_text(LONGER, encoding="utf-8")
    return path


@pytest.fixture
def leads(tmp_path: Path) -> Path:
    """Two leads as a file, with what the model says of them."""
    (tmp_path / "leads.csv").write_text(LEADS, encoding="utf-8")
    return tmp_path / "leads.csv"


def told(result: Result) -> Any:
    """The JSON that a diff printed, whatever its exit code."""
    return json.loads(result.stdout)


def test_nobody_moves_by_the_same_playbook(run: Run, playbook: Path, leads: Path) -> None:
    result = run("playbook", "diff", playbook, playbook, "--leads", leads)

    assert (result.exit_code, result.stderr) == (0, "")
    assert "0 decisions move, of 0 leads" in result.stdout


def test_who_moves_is_shown_without_any_database(run: Run, playbook: Path, longer: Path, leads: Path) -> None:
    result = run("playbook", "diff", playbook, longer, "--leads", leads)

    assert result.exit_code == 1
    assert "2 decisions on 2 leads" in result.stdout
    assert "less than a day, so nothing is said of weeks" in result.stdout
    assert "a week" not in result.stdout.replace("capacity a week", "")
    assert "Deadlines: 0 earlier, 1 later" in result.stdout
    assert "SLA 'hot' asks for a response within 30m (business clock) instead of 15m (business clock)" in result.stdout
    assert "big.example (line 2)" in result.stdout
    assert "ann@" not in result.stdout


def test_the_document_keeps_to_its_schema(run: Run, playbook: Path, longer: Path, leads: Path) -> None:
    result = run("playbook", "diff", playbook, longer, "--leads", leads, "--json")

    document = told(result)
    assert (result.exit_code, COMPARISON.validate(document)) == (1, {})
    assert document["moved"] == {"decisions": 1, "leads": 1}
    assert document["moves"][0]["moves"] == ["respond_by"]
    shares = {each["rep"]: each["after"] for each in document["workload"]["reps"] if each["team"] == "emea-enterprise"}
    assert shares == {"Ana": 0.5, "Ben": 0.25, "Chloe": 0.25}
    assert {each["team"]: each["after"] for each in document["workload"]["teams"]}["emea-enterprise"] == 1.0


def test_the_page_opens_offline(run: Run, playbook: Path, longer: Path, leads: Path, tmp_path: Path) -> None:
    hostile = LEADS.replace("email,", "company,email,").replace("ann@", "<script>alert(1)</script>,ann@")
    leads.write_text(hostile.replace("bob@", "Bob,bob@"), encoding="utf-8")

    run("playbook", "diff", playbook, longer, "--leads", leads, "--html", tmp_path / "diff.html")

    page = (tmp_path / "diff.html").read_text()
    assert "Everyone who moves</summary>" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "SLA &#39;hot&#39; asks for a response within 30m" in page
    assert [word for word in ("<script", "http://", "https://", "src=", "@import") if word in page] == []


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_every_kind_of_file_tells_the_same(run: Run, playbook: Path, longer: Path, tmp_path: Path, ending: str) -> None:
    rows: list[Mapping[str, Any]] = [
        {"email": "ann@big.example", "country": "DE", "source": "demo_request", "probability": 0.4, "fit": 90.0},
        {"email": "bob@small.example", "country": "FR", "source": None, "probability": 0.1, "fit": 5.0},
    ]
    path = tmp_path / f"rows.{ending}"
    if ending == "parquet":
        arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        parquet.write_table(arrow.Table.from_pylist(rows), path)
    elif ending == "jsonl":
        path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    else:
        lines = [",".join(rows[0]), *(",".join(str(value or "") for value in row.values()) for row in rows)]
        path.write_text("\n".join(lines), encoding="utf-8")

    document = told(run("playbook", "diff", playbook, longer, "--leads", path, "--json"))

    assert (document["decisions"], document["notes"]) == (2, [])
    assert document["qualified_leads"] == {"before": 1, "after": 1}


def test_rows_that_hold_no_lead_are_named_and_left_out(run: Run, playbook: Path, tmp_path: Path) -> None:
    (tmp_path / "leads.jsonl").write_text(
        '{"email": "ann@big.example", "probability": 0.5, "fit": 50}\n\n{"email": "ann"}\n{\n[]\n'
        '{"email": "x@y.example", "probability": 2, "fit": 50}\n',
        encoding="utf-8",
    )

    document = told(run("playbook", "diff", playbook, playbook, "--leads", tmp_path / "leads.jsonl", "--json"))

    assert document["decisions"] == 1
    assert [note.partition(":")[0] for note in document["notes"]] == [
        f"line {line} is left out" for line in (3, 4, 5, 6)
    ]


def test_a_model_may_be_given_as_a_file(run: Run, playbook: Path, tmp_path: Path, leads: Path) -> None:
    (tmp_path / "model.json").write_bytes(exported(model()))
    leads.write_text("email,source\nann@big.example,demo_request\n", encoding="utf-8")
    changed = playbook.with_name("weighed.yaml")
    changed.write_text(sample_playbook().replace("fit: 0.75, engagement: 0.25", "fit: 0.5, engagement: 0.5"))

    guessed = told(run("playbook", "diff", playbook, changed, "--leads", leads, "--json"))
    modelled = told(
        run("playbook", "diff", playbook, changed, "--leads", leads, "--model", tmp_path / "model.json", "--json")
    )

    assert "--model" in guessed["notes"][0]
    assert (guessed["surprises"], modelled["notes"]) == ([], [])
    assert modelled["surprises"][0]["because"][0]["kind"] == "fit"


def test_published_playbooks_are_compared_on_what_was_decided(run: Run, home: Path, house: House) -> None:
    for number in range(3):
        house.post("/v1/leads", {**HOT, "email": f"ann@big{number}.example"})
    with house.database.begin() as tx:
        publish(tx, LONGER, by="test", because="test", now=NOW)

    result = run("playbook", "diff", 1, "active", "--since", "500w", "--json")

    document = told(result)
    assert (result.exit_code, document["moved"]) == (1, {"decisions": 3, "leads": 3})
    assert (document["old"]["name"], document["new"]) == ("playbook 1", {"name": "playbook 2", "playbook": 2})


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("active", "active", "--since", "30d"), "no decision was made since"),
        (("active", "7"), "playbook 7 is not kept"),
        (("active", "99999999999999999999"), "is not kept"),
        (("active", "nowhere.yaml"), "nowhere.yaml is no file, no number of a published playbook and not `active`"),
        (("active", "active", "--since", "soon"), "'soon' is no span of time"),
        (("active", "active", "--model", "playbook.yaml"), "--model goes with --leads"),
        (("active", "active", "--since", "1d", "--leads", "playbook.yaml"), "exclude each other"),
        (("broken.yaml", "active"), "broken.yaml is broken: 6 problems"),
        (("active", "active", "--leads", "broken.yaml"), "holds a header and no rows"),
        (
            ("active", "active", "--leads", "playbook.yaml"),
            "playbook.yaml holds no leads: none of its columns is a field",
        ),
        (("active", "active", "--leads", "bad.jsonl"), "bad.jsonl can be decided: line 1 is left out: not JSON"),
    ],
)
def test_trouble_is_exit_code_2(
    run: Run, home: Path, playbook: Path, words: tuple[str, ...], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    (home / "broken.yaml").write_text("version: 1.5", encoding="utf-8")
    (home / "bad.jsonl").write_text("email\n", encoding="utf-8")

    result = run("playbook", "diff", *words)

    assert result.exit_code == 2
    assert message in " ".join(result.stderr.replace("│", " ").split())


def test_many_processes_come_to_the_same(house: House, tmp_path: Path) -> None:
    """Each process reads its own chunks."""
    url = house.database.engine.url.render_as_string(hide_password=False)
    for number in range(12):
        house.post("/v1/leads", {**HOT, "email": f"ann@big{number}.example"})
    old, new = (compile_playbook(read_playbook(text)) for text in (sample_playbook(), LONGER))
    with house.database.read() as tx:
        ids = decision_ids(tx)
    chunks = [kept_chunks(url, [pair])[0] for pair in ids]
    done: list[int] = []

    alone = compare(chunks, old, new)
    together = compare(chunks, old, new, jobs=2, few=0, heard=done.append)

    assert together == alone
    assert done == [1] * 12


def test_all_decisions_of_a_lead_are_in_one_chunk() -> None:
    ids = [(f"lead {number // 300}", str(number)) for number in range(1500)]

    chunks = kept_chunks("sqlite:///x", ids)

    assert [len(chunk) for chunk in chunks] == [600, 600, 300]


def test_a_file_is_cut_into_chunks(leads: Path) -> None:
    rows = read_leads(leads).rows * 600

    assert [len(chunk) for chunk in file_chunks(rows, NOW, None, {})] == [500, 500, 200]


def posted(house: House, text: str, query: str = "", kind: str = "ops") -> Answered:
    """What the door says of a playbook."""
    headers = {**house.bearer(kind), "Content-Type": "text/yaml"}
    return house.client.post(f"/v1/playbook/diff{query}", data=text.encode(), headers=headers)


def test_the_door_compares_with_the_playbook_in_force(each_house: House) -> None:
    for number in range(3):
        each_house.post("/v1/leads", {**HOT, "email": f"ann@big{number}.example"})

    response = posted(each_house, LONGER)

    assert (response.status_code, COMPARISON.validate(response.json)) == (200, {})
    assert response.json["moved"] == {"decisions": 3, "leads": 3}
    assert (response.json["old"], response.json["new"]["playbook"]) == ({"name": "active", "playbook": 1}, None)


def test_the_door_takes_the_newest_decisions(house: House) -> None:
    for number in range(3):
        house.post("/v1/leads", {**HOT, "email": f"ann@big{number}.example"})

    assert posted(house, LONGER, "?limit=2").json["decisions"] == 2
    assert posted(house, LONGER, "?since=2026-11-25T00:00:00Z").json["decisions"] == 0


@pytest.mark.parametrize(
    ("text", "query", "status"),
    [(LONGER, "?limit=200001", 422), (LONGER, "?since=yesterday", 422), ("version: 2", "", 422), (LONGER, "", 200)],
)
def test_the_door_refuses_what_makes_no_sense(house: House, text: str, query: str, status: int) -> None:
    assert posted(house, text, query).status_code == status
    assert posted(house, text, query, kind="crm").status_code == 403
