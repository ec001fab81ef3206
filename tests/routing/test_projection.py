"""What a period will come to."""

from datetime import timedelta
from random import Random

import pytest

from routing.periods import named_stretch
from routing.projection import COVERED, coming_of, pace_of, projected_count
from tests.routing.builders import utc

NOVEMBER = named_stretch("2026-11", "UTC")
MIDDLE = utc("2026-11-16T00:00")


def test_an_even_pace_goes_on() -> None:
    """Ten a day for ten weeks: fifteen days make 150, and fifteen more as many."""
    came = [NOVEMBER.start + timedelta(days=day, hours=hour) for day in range(-56, 15) for hour in range(10)]
    pace = pace_of(came, NOVEMBER, MIDDLE)

    projection = projected_count(150, 290, coming_of(pace, pace.between(MIDDLE, NOVEMBER.end)))

    assert projection.value == pytest.approx(300, rel=0.01)
    assert projection.low < 290 < 300 < projection.high
    assert 0.6 < projection.likely < 0.9


def test_weekends_without_leads_promise_none() -> None:
    """Friday evening to Monday morning counts nearly nothing when leads come on weekdays alone."""
    days = [NOVEMBER.start + timedelta(days=day) for day in range(-56, 15)]
    came = [day + timedelta(hours=hour) for day in days if day.weekday() < 5 for hour in range(10)]
    pace = pace_of(came, NOVEMBER, MIDDLE)

    weekend = pace.rate * pace.between(utc("2026-11-21T00:00"), utc("2026-11-23T00:00"))
    monday = pace.rate * pace.between(utc("2026-11-23T00:00"), utc("2026-11-24T00:00"))

    assert weekend < 0.3
    assert monday == pytest.approx(10, rel=0.05)


def test_leads_that_come_in_bursts_make_a_wider_interval() -> None:
    even = [NOVEMBER.start + timedelta(days=day, hours=hour) for day in range(-56, 15) for hour in range(10)]
    bursts = [
        NOVEMBER.start + timedelta(days=day, minutes=minute)
        for day in range(-56, 15)
        if Random(day).random() < 0.2
        for minute in range(50)
    ]
    widths = []
    for came in (even, bursts):
        pace = pace_of(came, NOVEMBER, MIDDLE)
        projection = projected_count(150, 300, coming_of(pace, pace.between(MIDDLE, NOVEMBER.end)))
        widths.append(projection.high - projection.low)

    assert widths[1] > 2 * widths[0]


def test_a_period_that_is_over_comes_to_what_it_came_to() -> None:
    pace = pace_of([NOVEMBER.start], NOVEMBER, NOVEMBER.end)

    projection = projected_count(7, 8, coming_of(pace, pace.between(NOVEMBER.end, NOVEMBER.end)))

    assert (projection.value, projection.low, projection.high, projection.likely) == (7, 7, 7, 0.0)


def test_the_interval_of_a_count_holds_nine_of_ten_months() -> None:
    """Of two hundred months made by chance, at twelve leads a day; the interval may be wrong by no more than chance."""
    chance, held = Random(7), 0
    for _ in range(200):
        instants = [NOVEMBER.start + timedelta(days=-56 + 86 * chance.random()) for _ in range(12 * 86)]
        known = [at for at in instants if at < MIDDLE]
        so_far = sum(at >= NOVEMBER.start for at in known)
        pace = pace_of(known, NOVEMBER, MIDDLE)
        projection = projected_count(so_far, 1, coming_of(pace, pace.between(MIDDLE, NOVEMBER.end)))
        held += projection.low <= sum(at >= NOVEMBER.start for at in instants) <= projection.high

    assert held / 200 >= COVERED - 0.05
