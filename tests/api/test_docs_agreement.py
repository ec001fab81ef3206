"""The page of the agreement: its examples are run one after the other, in a house with weeks of leads behind it."""

import json
import re
import shlex
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rules.read import read_playbook
from tests.api.builders import HOT, House, Run
from tests.api.test_moves import move
from tests.rules.builders import playbook_text

PAGE = (Path(__file__).parents[2] / "docs" / "agreement.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
# Ten on a Monday morning in Berlin; the page is written nine weeks later, on a Tuesday.
FIRST, TODAY = datetime(2026, 9, 21, 10, tzinfo=ZoneInfo("Europe/Berlin")), datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
FAIR = {"name": "Autumn fair", "starts_on": "2026-11-02", "ends_on": "2026-11-27", "expected_leads": 15}
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# What becomes of one lead after the other.
ENDS: tuple[dict[str, Any] | None, ...] = (
    {"outcome": "won", "amount": 24_000},
    {"outcome": "lost", "reason": "too expensive"},
    None,
    {"outcome": "lost", "reason": "chose a competitor"},
    {"reason": "not a buyer"},
    None,
)


@pytest.fixture
def season(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """A house that got two leads each working day, one from Germany and one from Poland; the Polish wait on Fridays."""
    monkeypatch.setattr("api.cli.report.now", house.clock)
    monkeypatch.setattr("api.cli.campaigns.database_time", lambda tx: house.clock())
    house.clock.now = FIRST.astimezone(UTC)
    house.post("/v1/campaigns", FAIR)
    for number in range(64):
        day = FIRST + number * DAY
        if day.weekday() < 5:
            _arrives(house, 2 * number, day, country="DE", late=False)
            _arrives(house, 2 * number + 1, day + HOUR, country="PL", late=day.weekday() == 4)
    house.clock.now = TODAY
    return house


def _arrives(house: House, number: int, at: datetime, *, country: str, late: bool) -> None:
    """Lets a lead arrive, every third one by the fair, and sales work it."""
    house.clock.now = at.astimezone(UTC)
    said = {"campaign": "autumn fair"} if number % 3 == 0 and at.month == 11 else {}
    lead = {**HOT, "country": country, **said, "email": f"p{number}@c{number}.example"}
    lead_id = house.post("/v1/leads", lead).json["lead_id"]
    house.clock.forward(HOUR if late else 4 * MINUTE)
    move(house, lead_id, "contact", {"how": "call"})
    end = ENDS[number // 2 % len(ENDS)]
    if end is not None:
        move(house, lead_id, "outcome" if "outcome" in end else "reject", end)


def test_every_example_of_the_page_does_what_it_says(season: House, run: Run) -> None:
    """What is shown of an answer is in it, in this order; of a table's cells, whatever their width."""
    done = []
    for (kind, text), (following, shown) in pairwise([*EXAMPLES, ("", "")]):
        match kind:
            case "yaml":
                names = re.findall(r"^(\w+):", text, re.MULTILINE)
                done.append(bool(read_playbook(playbook_text(**dict.fromkeys(names, "")) + text)))
            case "sh":
                said = "".join(_printed(run, line) for line in text.splitlines())
                done.append(_missing(shown, said) == [] if following == "text" else True)
            case "http":
                answer = _asked(season, text)
                done.append({**answer, **json.loads(shown)} == answer)
            case "text" | "json":
                continue
        assert done[-1], text

    assert {kind for kind, _ in EXAMPLES} == {"yaml", "sh", "text", "http", "json"}


def _printed(run: Run, line: str) -> str:
    """What a line of a shell prints."""
    command, *words = shlex.split(line, comments=True)
    result = run(*words)
    assert (command, result.exit_code) == ("leadline", 0), result.output
    return result.output


def _missing(shown: str, said: str) -> list[str]:
    """The shown lines that were not printed, or not in this order."""
    printed = iter([" ".join(line.split()) for line in said.splitlines()])
    return [line for line in shown.splitlines() if " ".join(line.split()) not in printed]


def _asked(house: House, text: str) -> Any:
    """What a door answers to a request with a key of operations."""
    first, _, body = text.partition("\n")
    method, path = first.split()
    options = {"json": json.loads(body)} if body.strip() else {}
    return house.client.open(path, method, headers=house.bearer("ops"), **options).json
