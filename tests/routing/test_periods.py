"""Weeks, months and quarters of the agreement."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.periods import PeriodError, named_stretch, stretch_of
from rules.playbook import Period
from tests.routing.builders import utc

ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia", "Asia/Kathmandu"])
INSTANTS = st.datetimes(datetime(1990, 1, 8), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - made UTC
PERIODS: st.SearchStrategy[Period] = st.sampled_from(["week", "month", "quarter"])


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("2026-11", "2026-10-31T23:00", "2026-11-30T23:00"),
        ("2026-12", "2026-11-30T23:00", "2026-12-31T23:00"),
        ("2026-Q1", "2025-12-31T23:00", "2026-03-31T22:00"),
        ("2026-Q4", "2026-09-30T22:00", "2026-12-31T23:00"),
        ("2026-W48", "2026-11-22T23:00", "2026-11-29T23:00"),
        ("2026-W01", "2025-12-28T23:00", "2026-01-04T23:00"),
        ("2026-W13", "2026-03-22T23:00", "2026-03-29T22:00"),
    ],
)
def test_a_period_runs_from_midnight_to_midnight_in_its_time_zone(name: str, start: str, end: str) -> None:
    """Berlin: an hour ahead of UTC in winter, two in summer."""
    stretch = named_stretch(name, "Europe/Berlin")

    assert (stretch.start, stretch.end) == (utc(start), utc(end))


@pytest.mark.parametrize(
    "name", ["", "2026", "2026-13", "2026-00", "2026-Q5", "2026-W54", "0000-01", "2026-1", "٢٠٢٦-11"]
)
def test_what_names_no_period_is_refused_with_the_remedy(name: str) -> None:
    with pytest.raises(PeriodError, match="write a month as 2026-11, a quarter as 2026-Q4, a week as 2026-W48"):
        named_stretch(name, "UTC")


@given(at=INSTANTS, per=PERIODS, zone=ZONES)
def test_an_instant_lies_in_its_period_and_the_name_leads_back(at: datetime, per: Period, zone: str) -> None:
    stretch = stretch_of(at, per, zone)

    assert at in stretch
    assert named_stretch(stretch.name, zone) == stretch


@given(at=INSTANTS, per=PERIODS, zone=ZONES)
def test_periods_of_a_kind_follow_one_another_without_a_gap(at: datetime, per: Period, zone: str) -> None:
    stretch = stretch_of(at, per, zone)

    last = stretch_of(stretch.start - timedelta(microseconds=1), per, zone)
    assert (last.end, stretch_of(stretch.end, per, zone).start) == (stretch.start, stretch.end)


@given(at=INSTANTS, per=PERIODS, zone=ZONES)
def test_the_days_of_a_period_fill_it(at: datetime, per: Period, zone: str) -> None:
    stretch = stretch_of(at, per, zone)
    days = stretch.days()

    assert (stretch.instant(days[0]), stretch.instant(days[-1] + timedelta(days=1))) == (stretch.start, stretch.end)
    assert len(days) in {"week": (7,), "month": (28, 29, 30, 31), "quarter": (90, 91, 92)}[per]
