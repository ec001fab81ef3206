"""Weeks, months and quarters in which the agreement is counted: from local midnight to local midnight."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from routing.calendar import elapsed
from routing.hours import midnight
from rules.playbook import Calendar, Period

_NAMES = re.compile(r"(?P<year>\d{4})-(?:W(?P<week>\d{2})|Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2]))", re.ASCII)


class PeriodError(ValueError):
    """A text that names no period."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """One week, month or quarter: `name` as 2026-W48, 2026-11 or 2026-Q4, from `start` up to `end` (UTC)."""

    name: str
    per: Period
    start: datetime
    end: datetime
    timezone: str

    def __contains__(self, at: datetime) -> bool:
        return self.start <= at < self.end

    def days(self) -> tuple[date, ...]:
        """Its days in its own time zone."""
        first, last = self.day_of(self.start), self.day_of(self.end - timedelta(microseconds=1))
        return tuple(first + timedelta(days=step) for step in range((last - first).days + 1))

    def day_of(self, at: datetime) -> date:
        """The day on which an instant falls in its time zone."""
        return day_in(at, self.timezone)

    def instant(self, day: date) -> datetime:
        """The midnight with which a day begins there, in UTC."""
        return midnight(day, self.timezone)


def stretch_of(at: datetime, per: Period, timezone: str) -> Stretch:
    """The week (from Monday), month or quarter in which an instant falls in a time zone."""
    day = day_in(at, timezone)
    match per:
        case "week":
            return _week(day - timedelta(days=day.weekday()), timezone)
        case "month":
            return _months(day.year, day.month, 1, timezone)
        case "quarter":
            return _months(day.year, day.month - (day.month - 1) % 3, 3, timezone)


def named_stretch(name: str, timezone: str) -> Stretch:
    """The period of a name: 2026-11, 2026-Q4 or 2026-W48. Raises: PeriodError."""
    match = _NAMES.fullmatch(name)
    try:
        if match is not None and 1 <= (year := int(match["year"])) <= 9998:
            if match["week"]:
                return _week(date.fromisocalendar(year, int(match["week"]), 1), timezone)
            if match["quarter"]:
                return _months(year, int(match["quarter"]) * 3 - 2, 3, timezone)
            return _months(year, int(match["month"]), 1, timezone)
    except ValueError:
        pass
    raise PeriodError(f"{name[:40]!r} is no period; write a month as 2026-11, a quarter as 2026-Q4, a week as 2026-W48")


def day_in(at: datetime, timezone: str) -> date:
    """The day on which an instant falls in a time zone."""
    return at.astimezone(ZoneInfo(timezone)).date()


def works_on(calendar: Calendar, day: date, timezone: str) -> bool:
    """Whether anybody works in a calendar on a day of a time zone."""
    return bool(elapsed(midnight(day, timezone), midnight(day + timedelta(days=1), timezone), calendar))


def _week(monday: date, timezone: str) -> Stretch:
    year, week, _ = monday.isocalendar()
    start, end = midnight(monday, timezone), midnight(monday + timedelta(days=7), timezone)
    return Stretch(name=f"{year}-W{week:02}", per="week", start=start, end=end, timezone=timezone)


def _months(year: int, month: int, count: int, timezone: str) -> Stretch:
    last = month + count
    end = date(year + (last > 12), last - 12 if last > 12 else last, 1)
    return Stretch(
        name=f"{year}-{month:02}" if count == 1 else f"{year}-Q{(month + 2) // 3}",
        per="month" if count == 1 else "quarter",
        start=midnight(date(year, month, 1), timezone),
        end=midnight(end, timezone),
        timezone=timezone,
    )
