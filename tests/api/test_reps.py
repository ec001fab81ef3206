"""The reps as they stand now, over HTTP and on the command line."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.rep_documents import REPS
from rules.sample import sample_playbook
from store.absences import absent_until
from store.database import connect
from store.playbooks import publish
from tests.api.builders import HOT, NOW, House, Run, house_on, printed

DAY = timedelta(days=1)


def by_name(listed: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """The rep of a name."""
    return next(each for each in listed if each["rep"] == name)


def away(house: House, at: datetime) -> dict[str, datetime]:
    """Who is away at a time, and until when."""
    with house.database.read() as tx:
        return absent_until(tx, at)


def test_the_reps_are_shown_with_what_they_had(each_house: House) -> None:
    """Before anybody had anything, too."""
    before = each_house.get("/v1/reps", kind="ops").json
    rep = each_house.post("/v1/leads", HOT).json["route"]["rep"]

    after = each_house.get("/v1/reps").json

    assert [REPS.validate(each) for each in (before, after)] == [{}, {}]
    assert [each["rep"] for each in after["reps"]] == ["Ana", "Ben", "Chloe", "Dan", "Eve", "Finn", "Gita", "Hugo"]
    counts = ("today", "this_week", "this_month", "open")
    assert [by_name(before["reps"], rep)[name] for name in counts] == [0, 0, 0, 0]
    assert [by_name(after["reps"], rep)[name] for name in counts] == [1, 1, 1, 1]


def test_a_rep_shows_capacity_and_when_they_work(house: House) -> None:
    """It is Tuesday eleven o'clock in Berlin and five in New York, where the day begins at half past eight."""
    reps = house.get("/v1/reps").json["reps"]
    ana, hugo = by_name(reps, "Ana"), by_name(reps, "Hugo")

    assert (ana["weight"], ana["capacity"], ana["works_from"]) == (2.0, "20 per day", "2026-11-24T10:00:00+00:00")
    assert (hugo["capacity"], hugo["works_from"]) == (None, "2026-11-24T13:30:00+00:00")
    assert (ana["timezone"], hugo["timezone"]) == ("Europe/Berlin", "America/New_York")


def test_who_has_left_and_still_holds_leads_is_told(run: Run, house: House) -> None:
    """Else nobody would look after these."""
    rep = house.post("/v1/leads", HOT).json["route"]["rep"]
    with house.database.begin() as tx:
        stay = "".join(line for line in sample_playbook().splitlines(keepends=True) if f"name: {rep}," not in line)
        publish(tx, stay, by="test", because="test", now=NOW)

    with closing(house_on(connect(str(house.database.engine.url)), house.keys, Path())) as later:
        listed = later.get("/v1/reps").json

    assert (listed["left"], REPS.validate(listed)) == ([{"team": "emea-enterprise", "rep": rep, "open": 1}], {})
    assert f"{rep} has left emea-enterprise and still holds 1 lead: `leadline leads list --rep {rep}`" in (
        run("reps", "list").output
    )


@pytest.mark.parametrize("kind", ["form", "analyst"])
def test_the_reps_are_not_for_everybody(house: House, kind: str) -> None:
    assert house.get("/v1/reps", kind=kind).status_code == 403


def test_days_away_are_whole_days_of_the_reps_calendar(run: Run, house: House) -> None:
    """The first and the last included; Dan works in New York."""
    result = run("reps", "absent", "Dan", "--from", "2026-12-24", "--to", "2026-12-28")

    assert result.output == "Dan is away from 2026-12-24 00:00 EST until 2026-12-29 00:00 EST.\n"
    back = datetime(2026, 12, 29, 5, tzinfo=UTC)
    assert away(house, back - 5 * DAY) == {"Dan": back}
    assert (away(house, back - 5 * DAY - timedelta(seconds=1)), away(house, back)) == ({}, {})


def test_an_absence_may_begin_now_and_end_at_an_instant(run: Run, house: House) -> None:
    """Who is away shows it and gets nothing."""
    run("reps", "absent", "Ana", "--to", "2100-01-01T12:00+01:00")

    listed = printed(run("reps", "list", "--team", "emea-enterprise", "--json"))

    ana = by_name(listed, "Ana")
    assert (len(listed), ana["absent_until"], ana["works_from"]) == (
        3,
        "2100-01-01T11:00:00+00:00",
        "2100-01-04T08:00:00+00:00",
    )
    house.clock.now = datetime.now(UTC)
    assert {house.post("/v1/leads", {**HOT, "email": f"a@b{n}.example"}).json["route"]["rep"] for n in range(4)} == {
        "Ben",
        "Chloe",
    }


def test_an_absence_is_taken_back(run: Run, house: House) -> None:
    """What is over of it stays true."""
    run("reps", "absent", "Ana", "--from", "2020-01-01", "--to", "2099-12-31")
    run("reps", "absent", "Ana", "--from", "2100-01-01", "--to", "2100-01-31")
    run("reps", "absent", "Ben", "--from", "2020-01-01", "--to", "2099-12-31")

    result = run("reps", "absent", "Ana", "--cancel")

    assert result.output == "2 absences of Ana taken back.\n"
    assert set(away(house, datetime(2098, 1, 1, tzinfo=UTC))) == {"Ben"}
    assert set(away(house, datetime(2021, 1, 1, tzinfo=UTC))) == {"Ana", "Ben"}


def test_one_absence_of_several_is_taken_back(run: Run, house: House) -> None:
    for year in (2090, 2091):
        run("reps", "absent", "Ana", "--from", f"{year}-01-01", "--to", f"{year}-01-31")

    result = run("reps", "absent", "Ana", "--from", "2090-01-10", "--to", "2090-01-11", "--cancel")

    assert result.output == "1 absence of Ana taken back.\n"
    assert away(house, datetime(2090, 1, 10, tzinfo=UTC)) == {}
    assert set(away(house, datetime(2091, 1, 10, tzinfo=UTC))) == {"Ana"}


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("Anna", "--to", "2026-12-24"), 1, "Error: the playbook in force has no rep 'Anna'; did you mean Ana?"),
        (("Ana",), 2, "Error: --to is needed: the last day away, or the instant of coming back"),
        (("Ana", "--from", "2100-01-02", "--to", "2100-01-01"), 2, "Error: --to is not after --from"),
        (("Ana", "--to", "2100-13-01"), 2, "'2100-13-01' is no time; write 2026-12-24 or 2026-12-24T12:00+01:00"),
        (("Ana", "--to", "2100-01-01T10:00"), 2, "write 2100-01-01T10:00Z if it is UTC, or 2100-01-01T10:00+01:00"),
    ],
)
def test_an_absence_that_makes_no_sense_is_a_clear_error(
    run: Run, house: House, words: tuple[str, ...], code: int, error: str
) -> None:
    result = run("reps", "absent", *words)

    assert result.exit_code == code
    assert error in result.stderr
    assert away(house, NOW) == {}


def test_the_list_says_who_works(run: Run, house: House) -> None:
    """As a table, with times by the clocks of each."""
    run("reps", "absent", "Hugo", "--to", "2099-12-31")

    output = run("reps", "list").output

    assert "2100-01-01 00:00 EST  from 2100-01-04 08:30 EST" in output
    assert [line.split()[1] for line in output.splitlines()[1:]] == [
        *("Ana", "Ben", "Chloe", "Dan", "Eve", "Finn", "Gita", "Hugo"),
    ]
    assert "20 per day" in output
