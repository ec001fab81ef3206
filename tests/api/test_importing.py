"""A file of leads taken in."""

import csv
import json
from pathlib import Path

import pytest

from tests.api.builders import House, Run, printed

HEADER = "email,phone,title,country,source,employees"
ROWS = (
    "ann@big.example,,VP Engineering,DE,demo_request,4000",
    "bob@small.example,12,Clerk,Atlantis,,",
    ",,Ghost,DE,,5",
    "ANN@big.example,+4930901820,,,,",
)


def written(path: Path, *lines: str) -> Path:
    """A file of these lines."""
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_leads_of_a_file_are_kept_decided_and_routed(run: Run, house: House, tmp_path: Path) -> None:
    """The same person is the same lead; who nobody would know is rejected with the line and the reason."""
    file = written(tmp_path / "old.csv", HEADER, *ROWS)

    done = printed(run("leads", "import", file, "--json"))

    leads = {lead["email"]: lead for lead in house.get("/v1/leads").json["leads"]}
    with (tmp_path / "old.rejects.csv").open(newline="") as rejects:
        rejected = list(csv.DictReader(rejects))
    assert done.pop("rejects") == str(tmp_path / "old.rejects.csv")
    assert done == {"leads": 3, "routed": 2, "unread": 1, "rejected": 1, "erased": 0}
    assert leads.keys() == {"ann@big.example", "bob@small.example"}
    assert (leads["ann@big.example"]["phone"], leads["ann@big.example"]["rep"] is None) == ("+4930901820", False)
    assert leads["ann@big.example"]["decision"]["route"]["team"] == "emea-enterprise"
    assert [(row["line"], row["title"], row["problem"][:24]) for row in rejected] == [
        ("4", "Ghost", "has no e-mail address, p")
    ]


def test_a_file_taken_in_again_brings_nobody_new(run: Run, house: House, tmp_path: Path) -> None:
    file = written(tmp_path / "old.csv", HEADER, ROWS[0])

    run("leads", "import", file)
    result = run("leads", "import", file)

    assert result.output == "1 leads taken in; 1 of them are with sales.\n"
    assert len(house.get("/v1/leads").json["leads"]) == 1


def test_json_lines_are_taken_in(run: Run, house: House, tmp_path: Path) -> None:
    """More than one transaction's worth."""
    rows = [json.dumps({"external_id": f"crm-{number}", "country": "NO", "employees": number}) for number in range(120)]

    done = printed(run("leads", "import", written(tmp_path / "old.jsonl", *rows), "--json"))

    assert (done["leads"], done["rejected"]) == (120, 0)
    assert len(house.get("/v1/leads?limit=200").json["leads"]) == 120


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "Error: old.csv: is empty\n"),
        ("email,email\na,b\n", "Error: old.csv:1: columns named twice: 'email'; rename one\n"),
    ],
)
def test_a_file_that_holds_no_leads_is_a_clear_error(
    run: Run, house: House, tmp_path: Path, text: str, error: str
) -> None:
    file = tmp_path / "old.csv"
    file.write_text(text)

    result = run("leads", "import", file)

    assert (result.exit_code, result.stderr) == (1, error)
    assert house.get("/v1/leads").json["leads"] == []
