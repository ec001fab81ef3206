"""Campaigns: what each day brings."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.campaigns import Campaign, expected_by_day

MONDAY = date(2026, 11, 30)
DAY = timedelta(days=1)


def campaign(**over: Any) -> Campaign:
    """Ten days from a Monday with a hundred leads, with fields instead."""
    given_: dict[str, Any] = {
        "id": "1",
        "name": "Winter",
        "starts_on": MONDAY,
        "ends_on": MONDAY + 9 * DAY,
        "expected_leads": 100,
        "author": "test",
        "planned_at": datetime(2026, 11, 1, tzinfo=UTC),
    }
    return Campaign(**{**given_, **over})


@pytest.mark.parametrize(("day", "state"), [(-1, "planned"), (0, "running"), (9, "running"), (10, "ended")])
def test_a_campaign_runs_from_its_first_day_to_its_last(day: int, state: str) -> None:
    assert campaign().state(MONDAY + day * DAY) == state


@given(days=st.integers(0, 60), leads=st.integers(0, 10**6), deadline=st.booleans())
def test_the_days_of_a_plan_add_up_to_it(days: int, leads: int, deadline: bool) -> None:
    planned = campaign(ends_on=MONDAY + days * DAY, expected_leads=leads, deadline=deadline)

    by_day = expected_by_day(planned, {}, MONDAY)

    assert sum(by_day.values()) == pytest.approx(leads)
    assert len(by_day) == days + 1


def test_the_launch_brings_most_and_a_deadline_brings_more_at_the_end() -> None:
    plain = list(expected_by_day(campaign(), {}, MONDAY).values())
    dated = list(expected_by_day(campaign(deadline=True), {}, MONDAY).values())

    assert plain == sorted(plain, reverse=True)
    assert plain[0] > 3 * plain[-1]
    assert dated[-1] > 2 * dated[5]


def test_what_comes_scales_what_is_still_planned() -> None:
    """Twice as many as planned on the first two days."""
    planned = expected_by_day(campaign(), {}, MONDAY)
    came = {MONDAY: round(2 * planned[MONDAY]), MONDAY + DAY: round(2 * planned[MONDAY + DAY])}

    now = expected_by_day(campaign(), came, MONDAY + 2 * DAY)

    assert (now[MONDAY], now[MONDAY + DAY]) == (came[MONDAY], came[MONDAY + DAY])
    assert 1.5 < now[MONDAY + 5 * DAY] / planned[MONDAY + 5 * DAY] < 2
