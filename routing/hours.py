"""The open hours of a calendar as intervals on the UTC time line, a year at a time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

import holidays

from rules.playbook import Block, Calendar

# Microseconds since 1970: whole numbers, so that sums of working time are exact.
Tick = int
Interval = tuple[Tick, Tick]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)

# A year needs the days around it, so the first and last that datetime knows are out of reach.
FIRST_YEAR, LAST_YEAR = 2, 9998


class CalendarError(ValueError):
    """A calendar cannot tell: nobody ever works in it, or the instant lies beyond the years it reaches."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenYear:
    """One UTC year's open intervals, apart from each other and in order; `worked[i]` sums those up to the i-th.

    A shift that ends with the last instant of the year before stands here too, without length.
    """

    starts: tuple[Tick, ...]
    ends: tuple[Tick, ...]
    worked: tuple[Tick, ...]

    @property
    def total(self) -> Tick:
        """All working time of the year."""
        return self.worked[-1] if self.worked else 0


def ticks(instant: datetime) -> Tick:
    """The microseconds from 1970 to an aware instant."""
    return (instant.astimezone(UTC) - EPOCH) // MICROSECOND


def instant_of(tick: Tick) -> datetime:
    """The UTC instant so many microseconds after 1970."""
    return EPOCH + tick * MICROSECOND


@lru_cache(maxsize=1024)
def open_year(calendar: Calendar, year: int) -> OpenYear:
    """The open hours of a UTC year.

    Raises:
        CalendarError: for a year beyond those that can be told.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise CalendarError(f"calendar '{calendar.name}' reaches from year {FIRST_YEAR} to {LAST_YEAR}, not to {year}")
    begin, end = (ticks(datetime(one, 1, 1, tzinfo=UTC)) for one in (year, year + 1))
    first, last = date(year, 1, 1) - 2 * DAY, date(year, 12, 31) + 2 * DAY
    shifts = [shift for step in range((last - first).days + 1) for shift in shifts_of(calendar, first + step * DAY)]
    inside = [(max(start, begin), min(stop, end)) for start, stop in merged(shifts) if stop >= begin and start < end]
    return OpenYear(
        starts=tuple(start for start, _ in inside),
        ends=tuple(stop for _, stop in inside),
        worked=tuple(accumulate(stop - start for start, stop in inside)),
    )


def shifts_of(calendar: Calendar, day: date) -> tuple[Interval, ...]:
    """The shifts that begin on a local day, in order; none on a holiday, a day off or one that the zone left out.

    A shift over midnight belongs to the day on which it begins, so it is worked to its end before a holiday.
    """
    blocks = [block for block in calendar.blocks if block.weekday == day.weekday()]
    if not blocks or day in calendar.days_off or day in holidays_of(calendar.region, day.year):
        return ()
    zone = ZoneInfo(calendar.timezone)
    begins, ends = (midnight(each, calendar.timezone) for each in (day, day + DAY))
    if begins == ends:  # Samoa had no 30 December 2011: it crossed the date line
        return ()
    return tuple(merged(_shift(block, day, zone) for block in blocks))


def merged(intervals: Iterable[Interval]) -> Iterator[Interval]:
    """The intervals in order, with those that overlap or touch made one and those without length left out."""
    held: Interval | None = None
    for start, end in sorted(one for one in intervals if one[0] < one[1]):
        if held is not None and start <= held[1]:
            held = (held[0], max(held[1], end))
            continue
        if held is not None:
            yield held
        held = (start, end)
    if held is not None:
        yield held


@lru_cache(maxsize=1024)
def holidays_of(region: str | None, year: int) -> frozenset[date]:
    """The public holidays of a region (`DE-BE`, `US`) in a year; none without a region."""
    if region is None:
        return frozenset()
    country, _, subdivision = region.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=year, expand=False))


def has_working_time(calendar: Calendar) -> bool:
    """Whether anybody ever works in a calendar: no region takes a weekday off all year, so any hours will do."""
    return bool(calendar.blocks)


def midnight(day: date, timezone: str) -> datetime:
    """The instant, in UTC, with which a day begins in a time zone."""
    # In UTC, as Python subtracts two instants of one zone by their clocks on the wall.
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(timezone)).astimezone(UTC)


def _shift(block: Block, day: date, zone: ZoneInfo) -> Interval:
    """A block on a day. What the clock skips in spring leaves it empty or short.

    Source: RFC 5545, 3.3.5: a local time that occurs twice is the first one, one that is skipped counts by the
    offset before the gap. Both are what `fold=0` means.
    """
    until = day if block.end > block.start else day + DAY
    local: Sequence[datetime] = (
        datetime.combine(day, block.start, tzinfo=zone),
        datetime.combine(until, block.end, tzinfo=zone),
    )
    return ticks(local[0]), ticks(local[1])
