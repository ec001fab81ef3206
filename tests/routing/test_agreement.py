"""Both sides of the agreement, measured."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from routing.agreement import Done, measure_delivery, measure_duty
from routing.handing import Handing
from routing.periods import named_stretch
from rules import conditions
from rules.playbook import Commitment, Delivery
from tests.routing.builders import utc
from tests.routing.handings import BROKEN, KEPT, OPEN, daily, handing

NOVEMBER = named_stretch("2026-11", "UTC")
START = NOVEMBER.start
MIDDLE = utc("2026-11-16T00:00")
DAY = timedelta(days=1)
ENTERPRISE = conditions.Test(attribute="segment", kind="text", operator="is", operand="enterprise", line=1, column=1)


def promise(**over: Any) -> Commitment:
    """To answer 90 % of all leads in time each month, with fields instead."""
    given: dict[str, Any] = {"duty": "respond", "share": 0.9, "slas": (), "per": "month", "line": 1, "column": 1}
    return Commitment(**{**given, **over})


def measured(handings: list[Handing], **over: Any) -> Done:
    """That promise measured in the middle of November."""
    return measure_duty(promise(**over), handings, NOVEMBER, MIDDLE)


def test_only_leads_of_the_period_that_fulfil_the_condition_are_delivered() -> None:
    handings = [
        handing(START - DAY, {"segment": "enterprise"}),
        handing(START, {"segment": "enterprise"}),
        handing(START + DAY, {"segment": "small"}),
        handing(START + DAY),
        handing(NOVEMBER.end, {"segment": "enterprise"}),
    ]

    found = measure_delivery(Delivery(count=10, of=ENTERPRISE, per="month"), handings, NOVEMBER, MIDDLE)

    assert (found.of, found.delivered, found.promised) == ("segment is 'enterprise'", 1, 10)


@pytest.mark.parametrize(("count", "state"), [(280, "on course"), (400, "in danger")])
def test_marketing_is_on_course_when_its_pace_reaches_the_promise(count: int, state: str) -> None:
    """Ten a day make three hundred in November."""
    handings = daily(START - 56 * DAY, 71, 10)

    found = measure_delivery(Delivery(count=count, of=None, per="month"), handings, NOVEMBER, MIDDLE)

    assert (found.delivered, found.state, found.of) == (150, state, "all qualified leads")


@pytest.mark.parametrize(("count", "state"), [(300, "kept"), (301, "missed")])
def test_once_the_period_is_over_the_promise_is_kept_or_missed(count: int, state: str) -> None:
    handings = daily(START, 30, 10)

    found = measure_delivery(Delivery(count=count, of=None, per="month"), handings, NOVEMBER, NOVEMBER.end)

    assert found.state == state


def test_the_source_that_dried_up_drives_the_miss() -> None:
    """Webinars brought half of the leads in the eight weeks before, and none since."""
    before = daily(START - 56 * DAY, 56, 5) + daily(START - 56 * DAY, 56, 5, said={"source": "webinar"})
    since = daily(START, 15, 5)

    found = measure_delivery(Delivery(count=300, of=None, per="month"), before + since, NOVEMBER, MIDDLE)

    assert found.state == "in danger"
    assert [(each.dimension, each.value, each.missed, each.of) for each in found.drivers] == [
        ("source", "webinar", 75, 75)
    ]


def test_sales_is_measured_by_what_is_decided() -> None:
    handings = [handing(START + DAY, duties=duties) for duties in (KEPT, KEPT, KEPT, BROKEN, OPEN, {})]

    found = measured(handings)

    assert (found.kept, found.broken, found.open, found.share) == (3, 1, 1, 0.75)


def test_nothing_decided_says_nothing() -> None:
    found = measured([handing(START + DAY, duties=OPEN)])

    assert (found.share, found.state) == (None, "too early")


@pytest.mark.parametrize(
    ("late", "state"),
    [(0, "on course"), (40, "in danger")],
)
def test_sales_is_in_danger_when_it_breaks_more_than_agreed(late: int, state: str) -> None:
    handings = [handing(START + DAY, duties=BROKEN if number < late else KEPT) for number in range(100)]

    assert measured(handings).state == state


def test_only_leads_under_the_named_slas_count() -> None:
    handings = [handing(START + DAY, sla="hot"), handing(START + DAY, sla="standard", duties=BROKEN)]

    found = measured(handings, slas=("hot",))

    assert (found.kept, found.broken, found.of) == (1, 0, "SLA hot")


def test_the_rep_who_breaks_most_drives_the_miss() -> None:
    """Not the one who got the lead when it was too late already."""
    slow = [handing(START + DAY, duties=BROKEN, late_reps={"respond": "Ben"}, rep="Cleo") for _ in range(20)]
    others = [handing(START + DAY, rep=rep) for rep in ("Ana", "Cleo") for _ in range(30)]
    its = [handing(START + DAY, rep="Ben") for _ in range(10)]

    found = measured(slow + others + its)

    assert [(each.dimension, each.value, each.missed, each.of) for each in found.drivers] == [("rep", "Ben", 20, 30)]


def test_a_difference_that_chance_makes_is_not_told() -> None:
    """One of three against one of ten."""
    handings = [handing(START + DAY, duties=BROKEN, rep="Ben"), *(handing(START + DAY, rep="Ben") for _ in range(2))]
    handings += [handing(START + DAY, duties=BROKEN), *(handing(START + DAY) for _ in range(9))]

    found = measured(handings)

    assert (found.state, found.drivers) == ("in danger", ())


OUTCOMES: list[tuple[Mapping[str, Any], tuple[int, int, int]]] = [
    ({"outcome": "won", "ended_at": START + 5 * DAY}, (1, 0, 0)),
    ({"outcome": "rejected", "ended_at": START + 5 * DAY}, (1, 0, 0)),
    ({"outcome": "lost", "ended_at": START + 14 * DAY}, (0, 1, 0)),
    ({}, (0, 1, 0)),
]


@pytest.mark.parametrize(("ended", "counted"), OUTCOMES)
def test_an_outcome_counts_where_it_falls_due(ended: Mapping[str, Any], counted: tuple[int, int, int]) -> None:
    """Ten days after the lead was handed to sales on 1 November."""
    found = measured([handing(START, **ended)], duty="give_outcome", within=10 * DAY)

    assert (found.kept, found.broken, found.open) == counted


def test_an_outcome_due_later_in_the_period_is_open_and_one_due_after_it_does_not_count() -> None:
    handings = [handing(START + 10 * DAY), handing(START + 25 * DAY)]

    found = measured(handings, duty="give_outcome", within=10 * DAY)

    assert (found.kept, found.broken, found.open) == (0, 0, 1)


def test_a_lead_that_is_handed_to_sales_twice_in_a_period_is_delivered_once() -> None:
    again = [handing(START + step * DAY, lead_id="ann") for step in (-3, 1, 8)]

    found = measure_delivery(Delivery(count=10, of=None, per="month"), again, NOVEMBER, MIDDLE)

    assert found.delivered == 1


def test_a_few_who_miss_all_do_not_outrank_many_who_miss_half() -> None:
    """Eve has two leads and misses both, Ben misses thirty of sixty, all others one of ten."""
    handings = [handing(START + DAY, duties=BROKEN, rep="Eve") for _ in range(2)]
    handings += [handing(START + DAY, duties=BROKEN if number < 30 else KEPT, rep="Ben") for number in range(60)]
    handings += [handing(START + DAY, duties=BROKEN if number < 10 else KEPT) for number in range(100)]

    found = measured(handings)

    assert [(each.value, each.missed, each.of) for each in found.drivers if each.dimension == "rep"] == [
        ("Ben", 30, 60)
    ]
    assert found.drivers[0].text == "rep Ben: 30 of 60 broken (50%), all others 12%"


def test_what_all_do_alike_is_nobodys_fault() -> None:
    handings = [handing(START + DAY, duties=BROKEN if number % 2 else KEPT, rep="Ana") for number in range(60)]
    handings += [handing(START + DAY, duties=BROKEN if number % 2 else KEPT, rep="Ben") for number in range(60)]

    found = measured(handings)

    assert (found.state, found.drivers) == ("in danger", ())


def test_a_period_to_come_is_expected_to_be_like_the_last_eight_weeks() -> None:
    """Ten a day make three hundred and ten in December."""
    december = named_stretch("2026-12", "UTC")
    handings = daily(START - 56 * DAY, 71, 10)

    found = measure_delivery(Delivery(count=280, of=None, per="month"), handings, december, MIDDLE)

    assert (found.delivered, found.state) == (0, "on course")
    assert found.projection.value == pytest.approx(310, rel=0.02)
