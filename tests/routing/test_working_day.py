"""Working days as wholes: from when to when people are at work on a day of their own calendar."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.calendar import due_at, elapsed
from routing.working_day import working_day, working_day_at, working_day_before
from rules.playbook import Calendar
from tests.routing.builders import DAYS, calendar, utc

BERLIN = calendar(region="DE-BE")
TOKYO = calendar(dict.fromkeys(DAYS[:5], ("08:00-17:00",)), timezone="Asia/Tokyo")
AUCKLAND = calendar(dict.fromkeys(DAYS[:5], ("08:30-17:00",)), timezone="Pacific/Auckland")
NIGHT = calendar(dict.fromkeys(DAYS[:5], ("22:00-06:00",)))
SUNDAY = calendar({"sun": ("01:00-04:00",)})


@pytest.mark.parametrize(
    ("at", "whose", "day", "opens_at", "closes_at"),
    [
        ("2026-03-06 08:00", BERLIN, "2026-03-06", "2026-03-06 08:00", "2026-03-06 16:00"),
        ("2026-03-06 11:30", BERLIN, "2026-03-06", "2026-03-06 08:00", "2026-03-06 16:00"),  # at lunch
        ("2026-03-06 07:59", BERLIN, None, None, None),
        ("2026-03-06 16:00", BERLIN, None, None, None),
        ("2026-03-08 11:00", BERLIN, None, None, None),  # a Sunday, and a holiday
        ("2026-04-03 11:00", BERLIN, None, None, None),  # Good Friday
        # Clocks go forward on 29 March and back on 25 October.
        ("2026-03-30 07:00", BERLIN, "2026-03-30", "2026-03-30 07:00", "2026-03-30 15:00"),
        ("2026-10-26 08:00", BERLIN, "2026-10-26", "2026-10-26 08:00", "2026-10-26 16:00"),
        ("2026-03-29 01:30", SUNDAY, "2026-03-29", "2026-03-29 00:00", "2026-03-29 02:00"),
        ("2026-10-25 02:30", SUNDAY, "2026-10-25", "2026-10-24 23:00", "2026-10-25 03:00"),
        # Their morning is still yesterday in UTC.
        ("2026-03-05 23:30", TOKYO, "2026-03-06", "2026-03-05 23:00", "2026-03-06 08:00"),
        ("2026-03-05 20:00", AUCKLAND, "2026-03-06", "2026-03-05 19:30", "2026-03-06 04:00"),
        # A night belongs to the day on which it begins.
        ("2026-03-07 04:59", NIGHT, "2026-03-06", "2026-03-06 21:00", "2026-03-07 05:00"),
        ("2026-03-06 12:00", NIGHT, None, None, None),
    ],
)
def test_the_working_day_at_an_instant(
    at: str, whose: Calendar, day: str | None, opens_at: str | None, closes_at: str | None
) -> None:
    found = working_day_at(utc(at), whose)

    if day is None or opens_at is None or closes_at is None:
        assert found is None
    else:
        assert found is not None
        assert found.day == date.fromisoformat(day)
        assert (found.opens_at, found.closes_at) == (utc(opens_at), utc(closes_at))


@pytest.mark.parametrize(
    ("day", "whose", "before"),
    [
        ("2026-03-06", BERLIN, "2026-03-05"),
        ("2026-03-09", BERLIN, "2026-03-06"),
        ("2026-04-07", BERLIN, "2026-04-02"),  # Easter
        ("2026-03-06", SUNDAY, "2026-03-01"),
    ],
)
def test_the_working_day_before(day: str, whose: Calendar, before: str) -> None:
    found = working_day_before(date.fromisoformat(day), whose)

    assert found is not None
    assert found.day == date.fromisoformat(before)


def test_where_nobody_works_for_a_year_there_is_no_day_before() -> None:
    off = tuple((date(2025, 1, 1) + timedelta(days=step)).isoformat() for step in range(500))

    assert working_day_before(date(2026, 3, 6), calendar(off=off)) is None


@given(
    st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 1, 1)), st.sampled_from([BERLIN, TOKYO, NIGHT, SUNDAY])
)
def test_a_working_day_opens_and_closes_where_working_time_does(day: date, whose: Calendar) -> None:
    found = working_day(day, whose)

    if found is not None:
        worked = elapsed(found.opens_at, found.closes_at, whose)
        assert worked > timedelta()
        assert due_at(found.opens_at, worked, whose) == found.closes_at
        middle: datetime = found.opens_at + (found.closes_at - found.opens_at) / 2
        assert working_day_at(middle, whose) == found
