"""The promise that sales makes for a lead: first response by when, warnings before."""

from datetime import datetime, timedelta

from routing.calendar import due_at, elapsed
from routing.decision import Promise
from rules.playbook import Attempts, Calendar, Sla


def promise(sla: Sla, calendar: Calendar | None, start: datetime) -> Promise:
    """What an SLA promises for a lead that is assigned at `start`, counted in a calendar (None: in all time).

    A warning comes when its share of the working time up to the deadline has passed.

    Raises:
        CalendarError: when the calendar has no such instant.
    """
    respond_by = due_at(start, sla.respond_within, calendar)
    whole = elapsed(start, respond_by, calendar)
    warn_at = tuple(due_at(start, whole * share, calendar) for share in sla.warn_at)
    return Promise(name=sla.name, respond_by=respond_by, warn_at=warn_at)


def attempts_calendar(attempts: Attempts, calendar: Calendar | None) -> Calendar | None:
    """The calendar in which the span of attempts counts; None where it is written in days, which count all time."""
    days = isinstance(attempts.within, timedelta) and attempts.within % timedelta(days=1) == timedelta()
    return None if days else calendar
