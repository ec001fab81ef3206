"""Everyone's share: turns by weight, capacity, absence."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from routing.reps import Standing
from rules.compile import Compiled
from store.absences import absent_until, add_absence
from store.database import Database
from store.shares import counted_in
from tests.builders import NOW
from tests.store.builders import arrive, playbook, reps_of

DAY = timedelta(days=1)


def test_turns_follow_the_weights(database: Database) -> None:
    """Smoothly: five to one to one is a a b a c a a."""
    got = reps_of(database, playbook("Ana, weight: 5", "Ben", "Cleo"), 7)

    assert got == ["Ana", "Ana", "Ben", "Ana", "Cleo", "Ana", "Ana"]


def test_what_each_had_is_counted(database: Database) -> None:
    """This month, today and this week, with the last time."""
    compiled = playbook("Ana, weight: 2", "Ben")
    reps_of(database, compiled, 2, NOW - DAY)
    reps_of(database, compiled, 1)

    assert counted(database, compiled) == (
        Standing(rep="Ana", assigned=2, credit=0, today=1, this_week=2, last_assigned_at=NOW, absent_until=None),
        Standing(rep="Ben", assigned=1, credit=0, today=0, this_week=1, last_assigned_at=NOW - DAY, absent_until=None),
    )


def test_a_new_month_begins_even(database: Database) -> None:
    """The day and the week go by the rep's own clock, the month by the team's; who was last is remembered."""
    compiled = playbook("Ana, capacity: 1 per day", "Ben, calendar: lisbon")
    march = datetime(2026, 3, 31, 21, 30, tzinfo=UTC)
    reps_of(database, compiled, 2, march)

    midnight_in_berlin_alone = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)
    ana, ben = counted(database, compiled, midnight_in_berlin_alone)

    assert (ana.assigned, ana.today, ana.this_week, ana.last_assigned_at) == (0, 0, 1, march)
    assert (ben.assigned, ben.today, ben.this_week, ben.last_assigned_at) == (0, 1, 1, march)


@pytest.mark.parametrize(
    ("capacity", "before", "after", "got"),
    [
        ("2 per day", NOW, NOW + timedelta(hours=1), []),
        ("2 per day", NOW, NOW + 3 * DAY, ["Ana", "Ana"]),
        ("2 per week", NOW - DAY, NOW, []),
        ("2 per week", NOW, NOW + 3 * DAY, ["Ana", "Ana"]),
    ],
)
def test_a_full_rep_gets_no_more_until_the_next_day_or_week(
    database: Database, capacity: str, before: datetime, after: datetime, got: list[str]
) -> None:
    """The rest waits in the queue. NOW is a Friday."""
    compiled = playbook(f"Ana, capacity: {capacity}")

    first = reps_of(database, compiled, 3, before)
    second = reps_of(database, compiled, 3, after)

    assert (first, [rep for rep in second if rep]) == (["Ana", "Ana", None], got)


def test_who_is_away_gets_nothing_and_is_credited(database: Database) -> None:
    """With what the others got meanwhile, by weight, so they are not flooded when back."""
    compiled = playbook("Ana", "Ben", "Cleo")
    with database.begin() as tx:
        add_absence(tx, "Ana", NOW, NOW + timedelta(hours=1), NOW)

    while_away = reps_of(database, compiled, 4)
    ana = counted(database, compiled)[0]
    back = reps_of(database, compiled, 3, NOW + timedelta(hours=2))

    assert while_away == ["Ben", "Cleo", "Ben", "Cleo"]
    assert (ana.assigned, ana.credit, ana.absent_until) == (0, 2.0, NOW + timedelta(hours=1))
    assert sorted(rep or "" for rep in back) == ["Ana", "Ben", "Cleo"]


def test_who_is_new_is_credited_with_what_the_others_had(database: Database) -> None:
    """So the next leads do not all go to them."""
    reps_of(database, playbook("Ana", "Ben"), 6)
    larger = playbook("Ana", "Ben", "Cleo")

    cleo = counted(database, larger)[2]
    got = reps_of(database, larger, 3, NOW + timedelta(minutes=1))

    assert (cleo.assigned, cleo.credit) == (0, 3.0)
    assert sorted(rep or "" for rep in got) == ["Ana", "Ben", "Cleo"]


@pytest.mark.parametrize(
    ("before", "after", "got"),
    [
        (("Ana", "Ben", "Cleo"), ("Ana, weight: 2", "Ben", "Cleo"), {"Ana": 6, "Ben": 3, "Cleo": 3}),
        (("Ana, weight: 2", "Ben", "Cleo"), ("Ana", "Ben", "Cleo"), {"Ana": 4, "Ben": 4, "Cleo": 4}),
        (("Ana, weight: 4", "Ben", "Cleo"), ("Ben", "Cleo"), {"Ben": 6, "Cleo": 6}),
    ],
)
def test_a_change_of_weights_floods_and_starves_nobody(
    database: Database, before: tuple[str, ...], after: tuple[str, ...], got: dict[str, int]
) -> None:
    """Of 24 leads each had their share; from the change on each has the new one, not what makes up for the past."""
    reps_of(database, playbook(*before), 24)

    later = reps_of(database, playbook(*after), 12, NOW + timedelta(minutes=1))

    assert Counter(later) == got


def test_who_left_the_team_and_is_back_is_not_flooded(database: Database) -> None:
    """Twelve leads came meanwhile; what Ana had before still counts in the month."""
    full, without = playbook("Ana", "Ben", "Cleo"), playbook("Ben", "Cleo")
    reps_of(database, full, 6)
    reps_of(database, without, 12, NOW + timedelta(minutes=1))

    back = reps_of(database, full, 6, NOW + timedelta(minutes=2))

    ana = counted(database, full)[0]
    assert Counter(back) == {"Ana": 2, "Ben": 2, "Cleo": 2}
    assert (ana.assigned, ana.credit) == (4, 6.0)


def test_who_was_behind_before_a_change_of_weights_still_is(database: Database) -> None:
    """Ana, Ben, Cleo had one each but Cleo, whose turn it is."""
    reps_of(database, playbook("Ana", "Ben", "Cleo"), 2)

    later = reps_of(database, playbook("Ana, weight: 2", "Ben", "Cleo"), 1, NOW + timedelta(minutes=1))

    assert later == ["Cleo"]


@pytest.mark.parametrize(("weight", "credit"), [("3", 6.0), ("1", 2.0), ("0.5", 1.0)])
def test_credit_goes_by_weight(database: Database, weight: str, credit: float) -> None:
    """Four leads went to two reps of weight 1; whoever is back or new is short of nothing, and no lead ahead."""
    away, others = playbook(f"Ana, weight: {weight}", "Ben", "Cleo"), playbook("Ben", "Cleo")
    with database.begin() as tx:
        add_absence(tx, "Ana", NOW, NOW + timedelta(hours=1), NOW)
    reps_of(database, away, 4)
    reps_of(database, others, 4, NOW + 30 * DAY)

    back, new = counted(database, away)[0], counted(database, away, NOW + 30 * DAY)[0]

    assert (back.assigned, back.credit) == (0, credit)
    assert (new.assigned, new.credit) == (0, credit)


def test_with_absences_everyone_ends_within_a_lead_of_their_share(database: Database) -> None:
    """Each lead's ideal is shared by weight among those who were there; a day without Ana, then one without Ben."""
    weights = {"Ana": 3.0, "Ben": 1.0, "Cleo": 0.5, "Dan": 2.0}
    team = playbook(*(f"{name}, weight: {weight}" for name, weight in weights.items()))
    away = {0: "", 1: "Ana", 2: "Ben", 3: ""}
    with database.begin() as tx:
        for day in (1, 2):
            add_absence(tx, away[day], NOW + day * DAY, NOW + (day + 1) * DAY, NOW)

    got, ideal = dict.fromkeys(weights, 0.0), dict.fromkeys(weights, 0.0)
    for day in away:
        there = {name: weight for name, weight in weights.items() if name != away[day]}
        for rep in reps_of(database, team, 11 + 2 * day, NOW + day * DAY):
            got[rep or ""] += 1
            for name, weight in there.items():
                ideal[name] += weight / sum(there.values())

    assert [name for name in weights if abs(got[name] - ideal[name]) >= 1] == []


def test_an_absence_is_over_at_its_end(database: Database) -> None:
    """And has not begun before its start; of two, the later end counts."""
    with database.begin() as tx:
        add_absence(tx, "Ana", NOW, NOW + DAY, NOW)
        add_absence(tx, "Ana", NOW, NOW + 2 * DAY, NOW)
        add_absence(tx, "Ben", NOW + DAY, NOW + 3 * DAY, NOW)

        away = [absent_until(tx, NOW + days * DAY) for days in (-1, 0, 1, 2, 3)]

    until = {"Ana": NOW + 2 * DAY, "Ben": NOW + 3 * DAY}
    assert away == [{}, {"Ana": until["Ana"]}, until, {"Ben": until["Ben"]}, {}]


def test_a_lead_that_stays_with_its_rep_counts_once(database: Database) -> None:
    """Writing again is not another turn."""
    compiled = playbook("Ana", "Ben")
    arrive(database, compiled, "ann")
    arrive(database, compiled, "ann", NOW + timedelta(minutes=1))

    assert [standing.assigned for standing in counted(database, compiled)] == [1, 0]


def counted(database: Database, compiled: Compiled, at: datetime = NOW) -> tuple[Standing, ...]:
    """Returns the team's standings."""
    with database.begin() as tx:
        return counted_in(tx, compiled.playbook.teams["inbound"], compiled.playbook.calendars, None, at).standings
