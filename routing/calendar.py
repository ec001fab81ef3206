"""Working time: when a span ends, how much of it has passed, when people are next at work.

Every instant is aware and comes back in UTC; the calendar None works always. A start outside hours counts from the
next opening, a span that ends exactly at closing is due at closing, and time that passes while the clocks change is
time that passes.
"""

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from routing.hours import (
    DAY,
    MICROSECOND,
    CalendarError,
    Interval,
    Tick,
    has_working_time,
    instant_of,
    open_year,
    shifts_of,
    ticks,
)
from rules.playbook import Calendar, Span, WorkingDays

__all__ = ["CalendarError", "due_at", "elapsed", "has_working_time", "next_open"]


def due_at(start: datetime, span: Span, calendar: Calendar | None) -> datetime:
    """The first instant by which a span of working time has passed since `start`.

    A span of business days ends on the working day so many after the start's, at the same time of day: two business
    days from Tuesday 10:00 is Thursday 10:00. Where nobody works at that time it ends at the closing before, or on
    a day that opens later, at its opening.

    Raises:
        CalendarError: when nobody ever works, or when the span ends beyond the year 9998.
    """
    if isinstance(span, WorkingDays):
        return _after_days(start, span.days, calendar)
    if span < timedelta():
        raise ValueError(f"a span of {span} runs backwards; pass one of zero or more")
    if calendar is None:
        return _plus(start, span)
    if not span:
        return start.astimezone(UTC) if _at_work(start, calendar) else next_open(start, calendar)
    _check_working(calendar)
    return _after(start, span // MICROSECOND, calendar)


def elapsed(start: datetime, end: datetime, calendar: Calendar | None) -> timedelta:
    """The working time from `start` to `end`; negative where `end` is the earlier.

    Raises:
        CalendarError: for instants beyond the years 2 to 9998.
    """
    # Python compares two instants of one zone by their clocks on the wall, so they are taken to UTC first.
    first, last = start.astimezone(UTC), end.astimezone(UTC)
    if last < first:
        return -elapsed(last, first, calendar)
    if calendar is None:
        return last - first
    whole = sum(open_year(calendar, year).total for year in range(first.year, last.year))
    return (whole + _worked(last, calendar) - _worked(first, calendar)) * MICROSECOND


def next_open(at: datetime, calendar: Calendar | None) -> datetime:
    """The first instant from `at` on at which people work; a closing is none.

    Raises:
        CalendarError: when nobody ever works, or not before the year 9999.
    """
    now = at.astimezone(UTC)
    if calendar is None:
        return now
    _check_working(calendar)
    year, tick = now.year, ticks(now)
    while not (shift := _ending_after(tick, calendar, year)):
        year += 1
    return max(now, instant_of(shift[0]))


def _ending_after(tick: Tick, calendar: Calendar, year: int) -> Interval | None:
    """The first open interval of the year that ends after an instant."""
    hours = open_year(calendar, year)
    index = bisect_right(hours.ends, tick)
    return (hours.starts[index], hours.ends[index]) if index < len(hours.ends) else None


def _after(start: datetime, span: Tick, calendar: Calendar) -> datetime:
    """The instant at which so much (more than nothing) has been worked since `start`."""
    year = start.astimezone(UTC).year
    wanted = _worked(start, calendar) + span
    while wanted > (total := open_year(calendar, year).total):
        wanted, year = wanted - total, year + 1
    hours = open_year(calendar, year)
    index = bisect_left(hours.worked, wanted)
    return instant_of(hours.ends[index] - (hours.worked[index] - wanted))


def _worked(at: datetime, calendar: Calendar) -> Tick:
    """What has been worked from the beginning of the UTC year to an instant."""
    hours, tick = open_year(calendar, at.astimezone(UTC).year), ticks(at)
    index = bisect_right(hours.starts, tick) - 1
    if index < 0:
        return 0
    return hours.worked[index] - max(hours.ends[index] - tick, 0)


def _at_work(at: datetime, calendar: Calendar) -> bool:
    """Whether people work at an instant, or just stop."""
    hours, tick = open_year(calendar, at.astimezone(UTC).year), ticks(at)
    index = bisect_left(hours.ends, tick)
    return index < len(hours.ends) and hours.starts[index] <= tick


def _after_days(start: datetime, days: int, calendar: Calendar | None) -> datetime:
    if calendar is None:
        return _plus(start, days * DAY)
    opened = next_open(start, calendar)
    day = _working_day(opened, calendar)
    target = day
    for _ in range(days):
        target = _next_working_day(target, calendar)
        open_year(calendar, target.year)  # refuses a year beyond those that can be told
    return _same_time(opened, day, target, calendar)


def _working_day(at: datetime, calendar: Calendar) -> date:
    """The local day to which the shift belongs that is worked at an instant: after midnight maybe the day before."""
    today, tick = _local(at, calendar).date(), ticks(at)
    near = (today - DAY, today, today + DAY)
    return next(day for day in near for start, end in shifts_of(calendar, day) if start <= tick < end)


def _next_working_day(day: date, calendar: Calendar) -> date:
    """The next local day that is worked longer than `day` is; one wholly inside its night shift is no day more."""
    closing = shifts_of(calendar, day)[-1][1]
    later = day + DAY
    while not any(end > closing for _, end in shifts_of(calendar, later)):
        later += DAY
    return later


def _same_time(at: datetime, day: date, target: date, calendar: Calendar) -> datetime:
    """The instant of `target` that `at` is of `day`, by the clock on the wall, moved into the shifts of `target`."""
    local = _local(at, calendar)
    wall = datetime.combine(local.date() + (target - day), local.time(), tzinfo=local.tzinfo)
    shifts, tick = shifts_of(calendar, target), ticks(wall)
    begun = [min(tick, end) for start, end in shifts if start <= tick]
    return instant_of(begun[-1] if begun else shifts[0][0])


def _local(at: datetime, calendar: Calendar) -> datetime:
    return at.astimezone(ZoneInfo(calendar.timezone))


def _plus(start: datetime, span: timedelta) -> datetime:
    try:
        return start.astimezone(UTC) + span
    except OverflowError:
        raise CalendarError(f"a span of {span} from {start.isoformat()} ends beyond the last year there is") from None


def _check_working(calendar: Calendar) -> None:
    if not has_working_time(calendar):
        raise CalendarError(f"nobody ever works in calendar '{calendar.name}', so nothing falls due in it")
