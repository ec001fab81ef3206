"""Notices: which people are told of an event, and when.

A notice waits until its reader is next at work, unless the lead's SLA counts all time: that promise runs at night too.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from routing.calendar import next_open
from rules.playbook import Calendar, Playbook, Rep, Team
from store.announcements import told_of
from store.assignments import open_assignment
from store.clocks import clock_of, clocks_of
from store.database import Transaction
from store.deliveries import Addressed
from store.events import Event, EventKind

# A person's name, address and calendar.
Told = tuple[str, str, str]


def notices(
    tx: Transaction, event: Event, playbook: Playbook, now: datetime, *, admin: str | None
) -> tuple[Addressed, ...]:
    """Returns who is told of an event by e-mail.

    The rep of a new lead and of a clock that runs out or has, the manager of what is the manager's, whoever is next up
    the chain, every rep and manager of a campaign and those who were told of it of its end, every manager of the
    agreement and of what was the manager's in a team that is gone, the administrator of a disabled webhook and of mail
    that does not arrive. Whom the playbook no longer has is not told.
    """
    if event.kind in ADMINISTRATORS:
        return () if admin is None else (_addressed(admin, "administrator", None, now),)
    if event.kind in EVERYBODYS:
        return _once_each(EVERYBODYS[event.kind](tx, event, playbook), playbook, now)
    team = playbook.teams.get(_team(event))
    if event.kind == "manager.notified" and team is None:
        return _once_each(_managers(tx, event, playbook), playbook, now, urgent=_is_urgent(tx, event, playbook))
    if event.kind not in TOLD or team is None:
        return ()
    told = TOLD[event.kind](event, team)
    if told is None:
        return ()
    name, address, calendar_name = told
    calendar = playbook.calendars.get(calendar_name)
    urgent = _is_urgent(tx, event, playbook)
    return (_addressed(address, name, calendar, now if urgent or calendar is None else next_open(now, calendar)),)


def no_longer_true(tx: Transaction, event: Event) -> str | None:
    """Returns why there is no longer anything to tell whoever an event was to be told to; None where there is.

    A rep who reads in the morning of a lead that somebody else got meanwhile would work it too.
    """
    if event.kind not in ("lead.assigned", "sla.warning") or event.lead_id is None:
        return None
    rep = _told_rep(event)
    held = open_assignment(tx, event.lead_id)
    if held is None or held.rep != rep:
        return f"{rep or 'the queue'} no longer has the lead"
    owed = [clock for clock in clocks_of(tx, held.id) if clock.kind == event.payload.get("clock")]
    return "it is done" if any(clock.ended_at is not None for clock in owed) else None


def _told_rep(event: Event) -> object:
    """Returns the rep whose lead an event is about, None for the queue's."""
    route = event.payload.get("route")
    return route["rep"] if isinstance(route, Mapping) else event.payload.get("rep")


def timezone_of(event: Event, playbook: Playbook) -> str:
    """Returns the time zone by whose clocks an event is told to many at once: its team's, or else the agreement's."""
    team = playbook.teams.get(_team(event))
    return playbook.agreement.timezone if team is None else playbook.calendars[team.calendar].timezone


def _once_each(
    people: Iterable[Told], playbook: Playbook, now: datetime, *, urgent: bool = False
) -> tuple[Addressed, ...]:
    """Returns a notice to each person: once to one of several teams or tasks, when the first of them is at work.

    What is urgent is told at once.
    """
    found: dict[str, Addressed] = {}
    for name, address, calendar_name in people:
        calendar = playbook.calendars[calendar_name]
        told = _addressed(address, name, calendar, now if urgent else next_open(now, calendar))
        known = found.setdefault(address.casefold(), told)
        if told.due_at < known.due_at:
            found[address.casefold()] = told
    return tuple(found.values())


def _team(event: Event) -> str:
    """Returns the name of the team that an event is about."""
    route = event.payload.get("route")
    return str(route["team"] if isinstance(route, Mapping) else event.payload.get("team"))


def _addressed(address: str, name: str, calendar: Calendar | None, due_at: datetime) -> Addressed:
    """Returns a notice to someone whose clocks a calendar has."""
    details = {"name": name, "timezone": "UTC" if calendar is None else calendar.timezone}
    return Addressed(channel="email", target=address, due_at=due_at, details=details)


def _is_urgent(tx: Transaction, event: Event, playbook: Playbook) -> bool:
    """Whether the lead's SLA counts all time."""
    promised = event.payload.get("sla")
    name = promised["name"] if isinstance(promised, Mapping) else promised
    assignment = event.payload.get("assignment_id")
    if name is None and assignment is not None:
        clock = clock_of(tx, str(assignment))
        name = None if clock is None else clock.sla
    sla = playbook.slas.get(str(name))
    return sla is not None and sla.clock == "always"


# What is for who runs the house.
ADMINISTRATORS: tuple[EventKind, ...] = ("webhook.disabled", "mail.failed")


def _assigned(event: Event, team: Team) -> Told | None:
    """Returns the rep of a new lead."""
    route = event.payload["route"]
    return _rep(team, route["rep"]) if isinstance(route, Mapping) else None


def _warned(event: Event, team: Team) -> Told | None:
    """Returns the rep whose clock runs out; the manager while the lead waits in the queue."""
    return _manager(event, team) if event.payload["rep"] is None else _rep(team, event.payload["rep"])


def _late(event: Event, team: Team) -> Told | None:
    """Returns the rep whose clock ran out, or seemed to; who may have lost the lead by that."""
    return _rep(team, event.payload["rep"])


def _manager(event: Event, team: Team) -> Told | None:
    """Returns the team's manager."""
    return None if team.manager is None else (team.manager.name, team.manager.email, team.calendar)


def _next_up(event: Event, team: Team) -> Told | None:
    """Returns whoever is next up the chain."""
    return str(event.payload["person"]), str(event.payload["email"]), team.calendar


def _rep(team: Team, name: object) -> Told | None:
    """Returns a rep of a team."""
    found: Rep | None = next((rep for rep in team.reps if rep.name == name), None)
    return None if found is None else (found.name, found.email, found.calendar or team.calendar)


def _managers(tx: Transaction, event: Event, playbook: Playbook) -> Iterator[Told]:
    """Yields the manager of each team that has one."""
    yield from filter(None, (_manager(event, team) for team in playbook.teams.values()))


def _sales(tx: Transaction, event: Event, playbook: Playbook) -> Iterator[Told]:
    """Yields the managers, and the reps of each team."""
    yield from _managers(tx, event, playbook)
    for team in playbook.teams.values():
        yield from ((rep.name, rep.email, rep.calendar or team.calendar) for rep in team.reps)


def _told_before(tx: Transaction, event: Event, playbook: Playbook) -> Iterator[Told]:
    """Yields those of sales who were told of the campaign that is cancelled."""
    told = told_of(tx, str(event.payload["campaign_id"]))
    yield from (one for one in _sales(tx, event, playbook) if one[1].casefold() in told)


# What is not of one team.
EVERYBODYS: Mapping[EventKind, Callable[[Transaction, Event, Playbook], Iterator[Told]]] = MappingProxyType(
    {"campaign.announced": _sales, "campaign.cancelled": _told_before, "agreement.endangered": _managers}
)
TOLD: Mapping[EventKind, Callable[[Event, Team], Told | None]] = MappingProxyType(
    {
        "lead.assigned": _assigned,
        "sla.warning": _warned,
        "sla.breached": _late,
        "sla.corrected": _late,
        "manager.notified": _manager,
        "sla.escalated": _next_up,
        "digest.day": _manager,
    }
)
