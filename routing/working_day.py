"""Working days as wholes: from when to when people are at work on a day of their own calendar."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from routing.hours import DAY, instant_of, shifts_of
from rules.playbook import Calendar

# Nobody closes for longer and goes on.
FARTHEST_BACK = 366


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkingDay:
    """A local day that is worked, with its first opening and its last closing, which may be after midnight."""

    day: date
    opens_at: datetime
    closes_at: datetime


def working_day(day: date, calendar: Calendar) -> WorkingDay | None:
    """The working day of a date; None when nobody works on it."""
    shifts = shifts_of(calendar, day)
    if not shifts:
        return None
    return WorkingDay(day=day, opens_at=instant_of(shifts[0][0]), closes_at=instant_of(shifts[-1][1]))


def working_day_at(at: datetime, calendar: Calendar) -> WorkingDay | None:
    """The working day that has opened and not closed for good at an instant: the later one of two; None without one."""
    today = at.astimezone(ZoneInfo(calendar.timezone)).date()
    for day in (today, today - DAY):
        found = working_day(day, calendar)
        if found is not None and found.opens_at <= at < found.closes_at:
            return found
    return None


def working_day_before(day: date, calendar: Calendar) -> WorkingDay | None:
    """The last working day before a date; None when there is none within a year."""
    for back in range(1, FARTHEST_BACK + 1):
        found = working_day(day - back * DAY, calendar)
        if found is not None:
            return found
    return None
