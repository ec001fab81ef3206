"""Whose turn it is."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.reps import Standing
from rules.conditions import Test as Condition
from rules.playbook import Limit, Team
from tests.builders import NOW
from tests.routing.builders import choose, choose_named, rep, standing, team, utc

HOUR = timedelta(hours=1)
EVENING = NOW + 6 * HOUR
TURN = "has the largest shortfall from a fair share of this month's leads"
FRENCH = Condition(attribute="country", kind="text", operator="is", operand="FR", line=1, column=1)
DAILY, WEEKLY = Limit(count=3, per="day"), Limit(count=9, per="week")


def handed_out(crew: Team, count: int) -> list[str | None]:
    """Who gets each of so many leads, a minute apart, by nothing but the shares."""
    standings = {one.name: standing(one.name) for one in crew.reps}
    got: list[str | None] = []
    for _ in range(count):
        chosen = choose(crew, *standings.values()).rep
        got.append(chosen.name if chosen else None)
        if chosen:
            standings[chosen.name] = _one_more(standings[chosen.name])
    return got


def _one_more(one: Standing) -> Standing:
    return replace(one, assigned=one.assigned + 1, today=one.today + 1, this_week=one.this_week + 1)


def test_weights_of_five_one_and_one_take_turns_like_this() -> None:
    """The heavy one is never kept waiting for long, nor are the others."""
    assert handed_out(team(rep("a", 5), rep("b"), rep("c")), 7) == ["a", "a", "b", "a", "c", "a", "a"]


@pytest.mark.parametrize("weights", [(5, 1, 1), (3, 0.1, 7.3, 2, 2, 1.5)])
def test_over_ten_thousand_leads_nobody_is_a_lead_away_from_their_share(weights: tuple[float, ...]) -> None:
    """At the end, and on the way."""
    ideal = {f"r{number}": weight / sum(weights) for number, weight in enumerate(weights)}
    crew = team(*(rep(f"r{number}", weight) for number, weight in enumerate(weights)))

    got = handed_out(crew, 10_000)

    had, furthest = dict.fromkeys(ideal, 0), 0.0
    for count, name in enumerate(got, start=1):
        had[name or ""] += 1
        furthest = max(furthest, *(abs(had[one] - share * count) for one, share in ideal.items()))
    assert furthest < 1


@given(
    st.lists(st.tuples(st.sampled_from([0.5, 1, 2, 3.7]), st.integers(0, 4)), min_size=1, max_size=5),
    st.integers(1, 25),
)
def test_no_capacity_is_exceeded_and_none_left_unused(members: list[tuple[float, int]], count: int) -> None:
    """The rest goes to the queue, and nothing before everybody is full."""
    crew = team(*(rep(f"r{i}", w, capacity=Limit(count=c, per="day")) for i, (w, c) in enumerate(members)))
    room = sum(capacity for _, capacity in members)

    got = handed_out(crew, count)

    assert all(got.count(f"r{i}") <= capacity for i, (_, capacity) in enumerate(members))
    assert [name is not None for name in got] == [number < room for number in range(count)]


@pytest.mark.parametrize(
    ("over", "why"),
    [
        ({"today": 3}, "has had 3 of 3 today"),
        ({"absent_until": NOW + HOUR}, "absent until 2026-03-06 13:00 UTC"),
    ],
)
def test_who_is_full_or_absent_is_out(over: dict[str, Any], why: str) -> None:
    """Whatever the shortfall."""
    choice = choose(team(rep("Ana", capacity=DAILY), rep("Ben")), standing("Ana", **over), standing("Ben", 9))

    assert choice.rep == rep("Ben")
    assert choice.why == f"Ben alone can take this lead; not eligible: Ana ({why})"


def test_a_week_can_be_full_as_well() -> None:
    """Today's leads then say nothing."""
    choice = choose(team(rep("Ana", capacity=WEEKLY)), standing("Ana", today=8, this_week=9))

    assert choice.candidates[0].out == "has had 9 of 9 this week"
    assert choose(team(rep("Ana", capacity=WEEKLY)), standing("Ana", today=9, this_week=8)).rep is not None


def test_times_are_told_by_the_clocks_of_the_team() -> None:
    """In Berlin, where it is 13:00, though Ben and Cleo work by others."""
    crew = team(rep("Ana"), rep("Ben", calendar="late"), rep("Cleo", calendar="day"))

    choice = choose(replace(crew, calendar="berlin"), standing("Cleo", absent_until=NOW + 31 * 24 * HOUR))

    assert choice.why == (
        "Ana is the first at work; later at work: Ben from 2026-03-06 15:00 CET (shortfall 0.33); "
        "not eligible: Cleo (absent until 2026-04-06 14:00 CEST)"
    )


def test_why_tells_from_when_the_rep_is_at_work_who_is_not_now() -> None:
    """In the evening, alone and as one of two whose turn it may be."""
    alone, two = (choose(team(*reps), at=EVENING) for reps in ([rep("Ana")], [rep("Ana"), rep("Ben")]))

    assert alone.why == "Ana alone can take this lead and is at work from 2026-03-09 09:00 UTC"
    assert two.why == (
        f"Ana {TURN}, tied with Ben and first by name: Ana 0.50, Ben 0.50; they are at work from 2026-03-09 09:00 UTC"
    )


def test_a_lead_that_waits_tells_who_is_free_first() -> None:
    """Ben is back in an hour, Ana has room on Monday."""
    crew = team(rep("Ana", capacity=DAILY), rep("Ben"), manager=None)

    choice = choose(crew, standing("Ana", today=3), standing("Ben", absent_until=NOW + HOUR))

    assert choice.why == (
        "nobody in desk can take this lead, so it waits in the queue; first to be free: Ben from 2026-03-06 13:00 UTC; "
        "not eligible: Ana (has had 3 of 3 today), Ben (absent until 2026-03-06 13:00 UTC)"
    )


def test_an_absence_is_over_at_its_end() -> None:
    """Not a moment later."""
    assert choose(team(rep("Ana")), standing("Ana", absent_until=NOW)).rep == rep("Ana")


def test_who_does_not_accept_the_lead_or_had_it_is_out() -> None:
    """Nor does anybody get it who never works."""
    crew = team(rep("Ana", accepts=FRENCH), rep("Ben"), rep("Cleo", calendar="never"), rep("Dan"))

    choice = choose(crew, earlier=frozenset({"Ben"}))

    assert choice.rep == rep("Dan")
    assert choice.why == (
        "Dan alone can take this lead; not eligible: Ana (accepts only leads where country is 'FR'), "
        "Ben (had this lead before), Cleo (never works by calendar 'test')"
    )


@pytest.mark.parametrize(
    ("manager", "told"),
    [("Mara", "so it waits in the queue and manager Mara is told"), (None, "so it waits in the queue")],
)
def test_a_lead_that_nobody_can_take_waits(manager: str | None, told: str) -> None:
    """It is never lost."""
    choice = choose(team(rep("Ana", accepts=FRENCH), manager=manager))

    assert choice.rep is None
    assert (
        choice.why
        == f"nobody in desk can take this lead, {told}; not eligible: Ana (accepts only leads where country is 'FR')"
    )


@pytest.mark.parametrize(
    ("at", "name", "why"),
    [
        (NOW, "Ana", "Ana is the first at work; later at work: Ben from 2026-03-06 14:00 UTC (shortfall 1.50)"),
        (NOW + 3 * HOUR, "Ben", f"Ben {TURN}: Ben 1.50, Ana -0.50"),
        (EVENING, "Ben", "Ben is the first at work; later at work: Ana from 2026-03-09 09:00 UTC (shortfall -0.50)"),
        (
            NOW + 24 * HOUR,
            "Ana",
            (
                "Ana is the first at work, from 2026-03-09 09:00 UTC; "
                "later at work: Ben from 2026-03-09 14:00 UTC (shortfall 1.50)"
            ),
        ),
    ],
)
def test_who_is_at_work_or_soonest_comes_first(at: datetime, name: str, why: str) -> None:
    """Ana works 9 to 17, Ben, who is behind, 14 to 22."""
    choice = choose(team(rep("Ana"), rep("Ben", calendar="late")), standing("Ana", 2), at=at)

    assert (choice.rep and choice.rep.name, choice.why) == (name, why)


def test_the_owner_of_the_account_comes_first() -> None:
    """Also when it is not their turn, nor their time of day."""
    choice = choose(
        team(rep("Ana"), rep("Ben", calendar="late"), rep("Cleo", accepts=FRENCH)), standing("Ben", 5), owner="Ben"
    )

    assert choice.rep == rep("Ben", calendar="late")
    assert (
        choice.why == "Ben owns the account and is at work from 2026-03-06 14:00 UTC; also eligible: Ana; "
        "not eligible: Cleo (accepts only leads where country is 'FR')"
    )


@pytest.mark.parametrize(("owner", "why"), [("Ben", "cannot take this lead"), ("Zoe", "has left the team")])
def test_an_owner_who_cannot_take_the_lead_does_not_get_it(owner: str, why: str) -> None:
    """Ben is absent, nobody is called Zoe."""
    choice = choose(team(rep("Ana"), rep("Ben")), standing("Ben", absent_until=EVENING), owner=owner)

    assert choice.why == (
        f"{owner}, who owns the account, {why}; Ana alone can take this lead; "
        "not eligible: Ben (absent until 2026-03-06 18:00 UTC)"
    )


@pytest.mark.parametrize(
    ("ana", "ben", "weight", "why"),
    [
        ((2, None), (0, None), 2, f"Ben {TURN}: Ben 1.00, Ana 0.00"),
        (
            (1, NOW),
            (0, None),
            3,
            f"Ana {TURN}, tied with Ben and of greater weight: Ana 0.50, Ben 0.50",
        ),
        (
            (1, NOW),
            (1, NOW - HOUR),
            1,
            f"Ben {TURN}, tied with Ana and longest without a lead: Ben 0.50, Ana 0.50",
        ),
        (
            (1, NOW),
            (1, None),
            1,
            f"Ben {TURN}, tied with Ana and longest without a lead: Ben 0.50, Ana 0.50",
        ),
        ((1, NOW), (1, NOW), 1, f"Ana {TURN}, tied with Ben and first by name: Ana 0.50, Ben 0.50"),
    ],
)
def test_ties_go_to_weight_then_to_who_waited_then_by_name(
    ana: tuple[int, datetime | None], ben: tuple[int, datetime | None], weight: float, why: str
) -> None:
    """Ana has the weight; each has had some leads, the last at some time."""
    crew = team(rep("Ben"), rep("Ana", weight))

    choice = choose(
        crew,
        standing("Ana", ana[0], last_assigned_at=ana[1]),
        standing("Ben", ben[0], last_assigned_at=ben[1]),
    )

    assert choice.why == why


def test_credit_counts_like_leads_had() -> None:
    """Who was away with a credit of two stands where one with two leads stands."""
    choice = choose(team(rep("Ana"), rep("Ben")), standing("Ana", credit=2.0), standing("Ben", 1))

    assert [(one.rep, one.shortfall) for one in choice.candidates] == [("Ana", 0.0), ("Ben", 1.0)]
    assert choice.why == f"Ben {TURN}: Ben 1.00, Ana 0.00"


@pytest.mark.parametrize(
    ("capacity", "over", "free"),
    [
        (DAILY, {"today": 3}, "2026-03-09 09:00"),
        (WEEKLY, {"this_week": 9}, "2026-03-09 09:00"),
        (Limit(count=0, per="day"), {}, None),
        (None, {"absent_until": NOW + HOUR}, "2026-03-06 13:00"),
        (None, {"absent_until": NOW + 5 * HOUR}, "2026-03-09 09:00"),
        (None, {}, None),
    ],
)
def test_who_is_full_or_away_is_free_again_at_work(
    capacity: Limit | None, over: dict[str, Any], free: str | None
) -> None:
    """NOW is Friday noon; work ends at five and begins on Monday at nine."""
    (candidate,) = choose(team(rep("Ana", capacity=capacity)), standing("Ana", **over)).candidates

    assert candidate.free_from == (None if free is None else utc(free))


def test_who_is_named_gets_the_lead_out_of_turn() -> None:
    """Though they accept no such lead and do not work now."""
    crew = team(rep("Ana"), rep("Ben", calendar="late", accepts=FRENCH), rep("Cleo"))

    choice = choose_named(crew, "Ben", standing("Ben", 7), standing("Cleo", absent_until=EVENING))

    assert choice.rep == crew.reps[1]
    assert choice.why == (
        "Ben was named and is at work from 2026-03-06 14:00 UTC; also eligible: Ana; "
        "not eligible: Cleo (absent until 2026-03-06 18:00 UTC)"
    )


@pytest.mark.parametrize(
    ("over", "earlier", "why"),
    [
        ({"today": 3}, frozenset[str](), "has had 3 of 3 today"),
        ({"absent_until": EVENING}, frozenset[str](), "absent until 2026-03-06 18:00 UTC"),
        ({}, frozenset({"Ben"}), "had this lead before"),
    ],
)
def test_who_is_named_and_full_away_or_had_the_lead_does_not_get_it(
    over: dict[str, Any], earlier: frozenset[str], why: str
) -> None:
    """And nobody else does."""
    choice = choose_named(team(rep("Ana"), rep("Ben", capacity=DAILY)), "Ben", standing("Ben", **over), earlier=earlier)

    assert choice.rep is None
    assert choice.why == (f"Ben was named and cannot take this lead; eligible: Ana; not eligible: Ben ({why})")
