"""Working time, by tables worked out by hand."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from routing.calendar import CalendarError, due_at, elapsed, has_working_time, next_open
from rules.playbook import Calendar, Span, WorkingDays
from tests.routing.builders import ALWAYS, DAYS, berlin, calendar, utc

H, M, S = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
OFFICE = calendar()
NIGHT = calendar(dict.fromkeys(DAYS[:5], ("22:00-06:00",)))
NIGHTLY = dict.fromkeys(DAYS, ("22:00-06:00",))
OFFICE_HOURS = dict.fromkeys(DAYS[:5], ("09:00-12:00", "13:00-17:00"))
ROUND_THE_CLOCK = calendar(dict.fromkeys(DAYS, ALWAYS))
GERMAN = calendar(region="DE-BE")
# Thursday 24 December 2026 is worked; the Friday and the Saturday that follow, worked in other weeks, are holidays.
SIX_DAYS = calendar(dict.fromkeys(DAYS[:6], ("09:00-12:00", "13:00-17:00")), region="DE-BE")


# 2026: 6 March is a Friday; Berlin moves to summer time on Sunday 29 March, back on Sunday 25 October.
@pytest.mark.parametrize(
    ("start", "span", "hours", "due"),
    [
        ("2026-03-06 10:00", H, OFFICE, "2026-03-06 11:00"),
        ("2026-03-06 11:30", H, OFFICE, "2026-03-06 13:30"),
        ("2026-03-06 11:00", H, OFFICE, "2026-03-06 12:00"),
        ("2026-03-06 12:00", H, OFFICE, "2026-03-06 14:00"),
        ("2026-03-06 12:20", H, OFFICE, "2026-03-06 14:00"),
        ("2026-03-06 16:59:59", 2 * S, OFFICE, "2026-03-09 09:00:01"),
        ("2026-03-06 16:00", H, OFFICE, "2026-03-06 17:00"),
        ("2026-03-06 19:00", 15 * M, OFFICE, "2026-03-09 09:15"),
        ("2026-03-07 10:00", 4 * H, OFFICE, "2026-03-09 14:00"),
        ("2026-03-06 10:00", 35 * H, OFFICE, "2026-03-13 10:00"),
        ("2026-05-13 16:00", 2 * H, GERMAN, "2026-05-15 10:00"),
        ("2026-12-23 16:00", 2 * H, GERMAN, "2026-12-24 10:00"),
        ("2026-12-24 16:00", 2 * H, GERMAN, "2026-12-28 10:00"),
        ("2026-12-24 16:00", 2 * H, SIX_DAYS, "2026-12-28 10:00"),
        ("2026-03-05 16:00", 2 * H, calendar(off=("2026-03-06", "2026-03-09")), "2026-03-10 10:00"),
        ("2026-03-06 23:00", 2 * H, NIGHT, "2026-03-07 01:00"),
        ("2026-03-07 05:00", 2 * H, NIGHT, "2026-03-09 23:00"),
        ("2026-03-08 23:00", H, NIGHT, "2026-03-09 23:00"),
        ("2026-03-27 23:00", 8 * H, NIGHT, "2026-03-30 23:00"),
        ("2026-03-29 01:00", 2 * H, ROUND_THE_CLOCK, "2026-03-29 04:00"),
        ("2026-03-28 12:00", 24 * H, ROUND_THE_CLOCK, "2026-03-29 13:00"),
        ("2026-10-25 01:00", 4 * H, ROUND_THE_CLOCK, "2026-10-25 04:00"),
        ("2026-10-24 12:00", 24 * H, ROUND_THE_CLOCK, "2026-10-25 11:00"),
        ("2026-03-29 01:00", 2 * H, calendar({"sun": ("00:00-05:00",)}), "2026-03-29 04:00"),
        ("2026-03-29 00:30", 2 * H, calendar({"sun": ("00:00-02:30", "03:30-05:00")}), "2026-03-29 03:30"),
        ("2026-03-29 01:30", H, calendar({"sun": ("02:00-03:00",)}), "2026-04-05 03:00"),
        (
            "2026-03-06 10:00",
            2 * H,
            calendar({"fri": ("09:00-11:00", "10:00-12:00", "12:00-13:00")}),
            "2026-03-06 12:00",
        ),
        ("2026-03-06 23:00", 3 * H, calendar({"fri": ("22:00-02:00",), "sat": ("01:00-03:00",)}), "2026-03-07 02:00"),
        ("2026-12-31 23:00", 4 * H, ROUND_THE_CLOCK, "2027-01-01 03:00"),
        ("2027-01-01 00:30", H, calendar({"thu": ("22:00-01:00",)}), "2027-01-07 22:30"),
    ],
)
def test_a_span_ends_when_so_much_has_been_worked(start: str, span: timedelta, hours: Calendar, due: str) -> None:
    """Over lunch, nights, weekends, holidays, changes of the clock and the turn of the year, in Berlin's time."""
    assert due_at(berlin(start), span, hours) == berlin(due)


# Lord Howe moves by half an hour at two o'clock, forward on 4 October 2026, back on 5 April; New York by an hour on
# 8 March and 1 November. Samoa had no Friday 30 December 2011.
@pytest.mark.parametrize(
    ("timezone", "week", "start", "span", "due"),
    [
        ("Australia/Lord_Howe", NIGHTLY, "2026-10-03 22:00", 5 * H, "2026-10-04 03:30"),
        ("Australia/Lord_Howe", NIGHTLY, "2026-10-03 22:00", 7.5 * H, "2026-10-04 06:00"),
        ("Australia/Lord_Howe", NIGHTLY, "2026-10-03 22:00", 8 * H, "2026-10-04 22:30"),
        ("Australia/Lord_Howe", NIGHTLY, "2026-04-04 22:00", 8.5 * H, "2026-04-05 06:00"),
        ("Australia/Lord_Howe", NIGHTLY, "2026-04-04 22:00", 5 * H, "2026-04-05 02:30"),
        ("America/New_York", NIGHTLY, "2026-03-07 22:00", 7 * H, "2026-03-08 06:00"),
        ("America/New_York", NIGHTLY, "2026-10-31 22:00", 9 * H, "2026-11-01 06:00"),
        ("Pacific/Apia", OFFICE_HOURS, "2011-12-29 16:00", 2 * H, "2012-01-02 10:00"),
        ("Pacific/Apia", OFFICE_HOURS, "2011-12-29 10:00", WorkingDays(days=1), "2012-01-02 10:00"),
        ("Pacific/Apia", dict.fromkeys(DAYS, ALWAYS), "2011-12-29 12:00", 24 * H, "2011-12-31 12:00"),
        ("Pacific/Apia", NIGHTLY, "2011-12-29 22:00", 9 * H, "2011-12-31 23:00"),
        ("Europe/Berlin", OFFICE_HOURS, "2060-03-26 10:00", 20 * H, "2060-03-30 17:00"),
    ],
)
def test_each_zone_has_its_own_nights(
    timezone: str, week: dict[str, tuple[str, ...]], start: str, span: Span, due: str
) -> None:
    """By the clock on the wall there; the office is open from 9 to 12 and from 13 to 17, Monday to Friday."""
    hours, zone = calendar(week, timezone), ZoneInfo(timezone)
    begun, ends = (datetime.fromisoformat(local).replace(tzinfo=zone) for local in (start, due))

    assert due_at(begun, span, hours) == ends


def test_four_hundred_business_days_are_counted_one_by_one() -> None:
    """From Monday 5 January 2026: 82 weeks and two days have 412 weekdays, of which Berlin takes twelve off."""
    assert due_at(berlin("2026-01-05 10:00"), WorkingDays(days=400), GERMAN) == berlin("2027-08-04 10:00")


def test_time_that_occurs_twice_is_worked_twice() -> None:
    """Two hours from half past one are over at the second half past two."""
    hours = calendar({"sun": ("00:00-05:00",)})

    assert due_at(berlin("2026-10-25 01:30"), 2 * H, hours) == utc("2026-10-25 01:30")
    assert elapsed(berlin("2026-10-25 00:00"), berlin("2026-10-25 05:00"), hours) == 6 * H
    assert elapsed(berlin("2026-10-25 02:45"), berlin("2026-10-25 02:15", fold=1), hours) == H / 2


def test_a_thursday_whose_next_two_days_are_holidays_ends_on_the_working_day_after() -> None:
    """In the US, Thursday 2 July 2026 is before the observed Independence Day; the Saturday is not worked either."""
    hours = calendar(timezone="America/New_York", region="US")

    assert due_at(utc("2026-07-02 20:00"), 2 * H, hours) == utc("2026-07-06 14:00")


def test_holidays_observed_in_the_year_before_are_off() -> None:
    """New Year's Day of 2028, a Saturday, is observed on Friday 31 December 2027."""
    hours = calendar(timezone="America/New_York", region="US")

    assert next_open(utc("2027-12-31 05:00"), hours) == utc("2028-01-03 14:00")


# Tuesday is 3 March; Friday closes at 16:00 here and opens at 10:00.
SHORT_FRIDAY = calendar({**dict.fromkeys(DAYS[:4], ("09:00-12:00", "13:00-17:00")), "fri": ("10:00-16:00",)})


@pytest.mark.parametrize(
    ("start", "days", "hours", "due"),
    [
        ("2026-03-03 10:00", 2, OFFICE, "2026-03-05 10:00"),
        ("2026-03-05 10:00", 2, OFFICE, "2026-03-09 10:00"),
        ("2026-03-03 18:00", 2, OFFICE, "2026-03-06 09:00"),
        ("2026-03-07 11:00", 1, OFFICE, "2026-03-10 09:00"),
        ("2026-03-03 12:30", 1, OFFICE, "2026-03-04 13:00"),
        ("2026-03-05 16:30", 1, SHORT_FRIDAY, "2026-03-06 16:00"),
        ("2026-03-05 09:30", 1, SHORT_FRIDAY, "2026-03-06 10:00"),
        ("2026-03-06 12:30", 1, SHORT_FRIDAY, "2026-03-09 12:00"),
        ("2026-05-13 10:00", 1, GERMAN, "2026-05-15 10:00"),
        ("2026-03-06 23:00", 1, NIGHT, "2026-03-09 23:00"),
        ("2026-03-07 03:00", 1, NIGHT, "2026-03-10 03:00"),
        ("2026-03-27 10:00", 1, OFFICE, "2026-03-30 10:00"),
        ("2026-03-03 10:00", 250, OFFICE, "2027-02-16 10:00"),
    ],
)
def test_business_days_end_at_the_same_time_on_a_working_day(start: str, days: int, hours: Calendar, due: str) -> None:
    """Or where nobody works then, at the closing before or that day's opening."""
    assert due_at(berlin(start), WorkingDays(days=days), hours) == berlin(due)


def test_hours_inside_the_night_shift_of_the_day_before_are_no_day_of_their_own() -> None:
    """Else a business day from Tuesday ten o'clock would end on Tuesday at one, before it began."""
    hours = calendar({"mon": ("12:00-11:59",), "tue": ("00:00-01:00",), "wed": ("09:00-17:00",)})

    assert due_at(berlin("2026-03-03 10:00"), WorkingDays(days=1), hours) == berlin("2026-03-04 17:00")


def test_without_a_calendar_all_time_counts() -> None:
    """A business day is then a day."""
    start = utc("2026-03-07 10:00")

    assert due_at(start, H, None) == utc("2026-03-07 11:00")
    assert due_at(start, WorkingDays(days=2), None) == utc("2026-03-09 10:00")
    assert elapsed(start, start + H, None) == H
    assert next_open(start, None) == start


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-03-06 10:00", "2026-03-06 10:00"),
        ("2026-03-06 12:00", "2026-03-06 12:00"),
        ("2026-03-06 12:01", "2026-03-06 13:00"),
        ("2026-03-06 18:00", "2026-03-09 09:00"),
    ],
)
def test_a_span_of_nothing_ends_at_once_or_with_the_next_opening(start: str, due: str) -> None:
    """At closing it is over as well."""
    assert due_at(berlin(start), timedelta(), OFFICE) == berlin(due)


@pytest.mark.parametrize(
    ("at", "opening"),
    [
        ("2026-03-06 09:00", "2026-03-06 09:00"),
        ("2026-03-06 10:00", "2026-03-06 10:00"),
        ("2026-03-06 12:00", "2026-03-06 13:00"),
        ("2026-03-06 17:00", "2026-03-09 09:00"),
    ],
)
def test_a_closing_is_not_open(at: str, opening: str) -> None:
    """An opening is."""
    assert next_open(berlin(at), OFFICE) == berlin(opening)


def test_a_shift_that_ends_with_the_year_is_due_then() -> None:
    """The instant belongs to the next year, in which nobody worked yet."""
    hours = calendar({"thu": ("20:00-24:00",)}, "UTC")
    midnight = utc("2027-01-01 00:00")

    assert due_at(utc("2026-12-31 23:00"), H, hours) == midnight
    assert due_at(midnight, timedelta(), hours) == midnight
    assert next_open(midnight, hours) == utc("2027-01-07 20:00")


def test_elapsed_leaves_out_what_is_not_worked() -> None:
    """A weekend, lunch and nights; backwards it is negative."""
    friday, monday = berlin("2026-03-06 16:00"), berlin("2026-03-09 14:00")

    assert elapsed(friday, monday, OFFICE) == 5 * H
    assert elapsed(monday, friday, OFFICE) == -5 * H
    assert elapsed(berlin("2026-03-07 01:00"), berlin("2026-03-08 22:00"), OFFICE) == timedelta()


def test_decades_are_no_longer_than_their_working_time() -> None:
    """1,820 weeks of 35 hours end with the closing of the last one's Friday."""
    start = berlin("2026-03-02 09:00")

    due = due_at(start, 1820 * 35 * H, OFFICE)

    assert due == berlin("2061-01-14 17:00")
    assert elapsed(start, due, OFFICE) == 1820 * 35 * H


def test_instants_come_back_in_utc() -> None:
    """Whatever zone they are given in."""
    found = (due_at(berlin("2026-03-06 10:00"), H, OFFICE), next_open(berlin("2026-03-06 10:00"), OFFICE))

    assert [one.tzinfo for one in found] == [UTC, UTC]


def test_a_span_that_runs_backwards_is_refused() -> None:
    """It is the caller's mistake."""
    with pytest.raises(ValueError, match=r"^a span of -1 day, 23:00:00 runs backwards; pass one of zero or more$"):
        due_at(berlin("2026-03-06 10:00"), -H, OFFICE)


LAST = datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "span", "hours", "message"),
    [
        (LAST, H, None, "a span of 1:00:00 from 9999-12-31T23:59:59.999999+00:00 ends beyond the last year there is"),
        (LAST, H, OFFICE, "calendar 'test' reaches from year 2 to 9998, not to 9999"),
        (LAST, WorkingDays(days=1), OFFICE, "calendar 'test' reaches from year 2 to 9998, not to 9999"),
        (utc("9998-12-31 12:00"), 9 * H, OFFICE, "calendar 'test' reaches from year 2 to 9998, not to 9999"),
        (
            utc("9998-12-31 12:00"),
            WorkingDays(days=3),
            OFFICE,
            "calendar 'test' reaches from year 2 to 9998, not to 9999",
        ),
        (utc("0001-06-01 12:00"), H, OFFICE, "calendar 'test' reaches from year 2 to 9998, not to 1"),
        (utc("2026-03-06 12:00"), H, calendar({}), "nobody ever works in calendar 'test', so nothing falls due in it"),
        (
            utc("2026-03-06 12:00"),
            WorkingDays(days=1),
            calendar({}),
            "nobody ever works in calendar 'test', so nothing falls due in it",
        ),
    ],
)
def test_what_a_calendar_cannot_tell_is_an_error(start: datetime, span: Span, hours: Calendar, message: str) -> None:
    """And says what is wrong."""
    with pytest.raises(CalendarError) as error:
        due_at(start, span, hours)

    assert str(error.value) == message


def test_a_calendar_without_hours_has_no_working_time() -> None:
    """One with any has some."""
    assert [has_working_time(one) for one in (OFFICE, calendar({}))] == [True, False]
