"""Working time, by laws that hold for every calendar."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from routing.calendar import due_at, elapsed, next_open
from rules.playbook import Block, Calendar, WorkingDays

# Lord Howe moves its clocks by half an hour; Samoa left out a day, Kwajalein another.
ZONES = (
    *("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns", "UTC"),
    *("Pacific/Apia", "Pacific/Kwajalein"),
)
MINUTE = timedelta(minutes=1)


def _from(year: int, month: int, *, days: int) -> st.SearchStrategy[datetime]:
    return st.timedeltas(timedelta(), timedelta(days=days)).map(datetime(year, month, 1, tzinfo=UTC).__add__)


# These years, the days that Kwajalein and Samoa left out, the changes of the clocks, and decades ahead.
instants = st.one_of(
    _from(2025, 1, days=3 * 365),
    _from(1993, 8, days=31),
    _from(2011, 12, days=40),
    _from(2026, 3, days=40),
    _from(2026, 9, days=70),
    _from(2059, 12, days=2 * 365),
)
spans = st.timedeltas(timedelta(microseconds=1), timedelta(hours=400))
business_days = st.builds(WorkingDays, days=st.one_of(st.integers(1, 5), st.integers(1, 400)))


@st.composite
def calendars(draw: st.DrawFn, *, overlapping: bool = True) -> Calendar:
    """Calendars of one to eight blocks, some over midnight, half of them with a region's holidays and days off."""
    count = draw(st.integers(1, 8))
    if overlapping:
        marks = st.tuples(st.integers(0, 10079), st.integers(1, 1439))
        shifts = [(start, start + length) for start, length in draw(st.lists(marks, min_size=count, max_size=count))]
    else:
        edges = sorted(draw(st.lists(st.integers(0, 10079), min_size=2 * count, max_size=2 * count, unique=True)))
        shifts = [(start, end) for start, end in list(pairwise(edges))[::2] if end - start < 1440] or [(540, 1020)]
    return Calendar(
        name="drawn",
        timezone=draw(st.sampled_from(ZONES)),
        blocks=tuple(_block(start, end) for start, end in shifts),
        region=draw(st.sampled_from([None, "DE-BE", "US", "GB-ENG"])),
        days_off=tuple(draw(st.lists(instants.map(datetime.date), max_size=4, unique=True))),
    )


def _block(start: int, end: int) -> Block:
    """The block between two minutes of the week."""
    clocks = [time(minute // 60 % 24, minute % 60) for minute in (start, end)]
    return Block(weekday=start // 1440, start=clocks[0], end=clocks[1])


def _open_around(at: datetime, calendar: Calendar) -> bool:
    """Whether people work at an instant or just before it."""
    just_before = at - timedelta(microseconds=1)
    return next_open(at, calendar) == at or next_open(just_before, calendar) == just_before


@given(instants, spans, calendars())
def test_a_deadline_is_never_before_its_start_nor_inside_closed_time(
    start: datetime, span: timedelta, calendar: Calendar
) -> None:
    """At closing is just in time."""
    due = due_at(start, span, calendar)

    assert due >= start + span
    assert _open_around(due, calendar)


@given(instants, spans, calendars())
def test_the_time_up_to_a_deadline_is_its_span(start: datetime, span: timedelta, calendar: Calendar) -> None:
    """To the microsecond."""
    assert elapsed(start, due_at(start, span, calendar), calendar) == span


@given(instants, instants, spans, calendars())
def test_who_starts_later_ends_no_earlier(one: datetime, other: datetime, span: timedelta, calendar: Calendar) -> None:
    """A deadline is monotone in its start."""
    first, second = sorted((one, other))

    assert due_at(first, span, calendar) <= due_at(second, span, calendar)


@given(instants, spans, spans, calendars())
def test_a_longer_span_ends_later(start: datetime, one: timedelta, other: timedelta, calendar: Calendar) -> None:
    """A deadline is strictly monotone in its span."""
    assert (due_at(start, one, calendar) < due_at(start, other, calendar)) == (one < other)


@given(instants, st.timedeltas(timedelta(), timedelta(hours=400)), spans, calendars())
def test_splitting_a_span_changes_nothing(
    start: datetime, first: timedelta, second: timedelta, calendar: Calendar
) -> None:
    """Nor does waiting for nothing."""
    whole = due_at(start, first + second, calendar)

    assert due_at(due_at(start, first, calendar), second, calendar) == whole
    assert due_at(whole, timedelta(), calendar) == whole


@given(instants, instants, instants, calendars())
def test_elapsed_time_adds_up(one: datetime, other: datetime, third: datetime, calendar: Calendar) -> None:
    """In whatever order, for what is left out is left out everywhere."""
    whole = elapsed(one, third, calendar)

    assert elapsed(one, other, calendar) + elapsed(other, third, calendar) == whole
    assert abs(whole) <= abs(third - one)


@given(instants, calendars())
def test_nothing_is_worked_before_the_next_opening(at: datetime, calendar: Calendar) -> None:
    """And something right after it."""
    opening = next_open(at, calendar)

    assert opening >= at
    assert elapsed(at, opening, calendar) == timedelta()
    assert elapsed(opening, opening + MINUTE, calendar) > timedelta()


@given(instants, business_days, calendars())
def test_business_days_end_later_and_never_inside_closed_time(
    start: datetime, days: WorkingDays, calendar: Calendar
) -> None:
    """As any other span."""
    due = due_at(start, days, calendar)

    assert due > start
    assert _open_around(due, calendar)


@given(instants, instants, business_days, calendars(overlapping=False))
def test_who_starts_later_is_given_no_fewer_business_days(
    one: datetime, other: datetime, days: WorkingDays, calendar: Calendar
) -> None:
    """Where no two shifts overlap, as in every playbook."""
    first, second = sorted((one, other))

    assert due_at(first, days, calendar) <= due_at(second, days, calendar)


@given(instants, calendars())
def test_open_time_is_what_the_clock_on_the_wall_says(at: datetime, calendar: Calendar) -> None:
    """Away from changes of the clock and holidays, whatever the calendar."""
    plain = Calendar(name="plain", timezone="Asia/Kathmandu", blocks=calendar.blocks)
    local = at + timedelta(hours=5, minutes=45)
    minute = local.weekday() * 1440 + local.hour * 60 + local.minute
    shifts = [(block.weekday * 1440 + block.start.hour * 60 + block.start.minute, block) for block in plain.blocks]
    lengths = [(block.end.hour - block.start.hour) * 60 + block.end.minute - block.start.minute for _, block in shifts]
    worked = any(
        (minute - start) % 10080 < (length if length > 0 else length + 1440)
        for (start, _), length in zip(shifts, lengths, strict=True)
    )

    assert (next_open(at, plain) == at) == worked
