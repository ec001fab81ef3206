"""Calendars, teams and standings made by hand, and a playbook with a little of everything."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from routing.reps import Choice, Standing, choose_rep, named_rep
from rules.compile import Compiled, compile_playbook
from rules.playbook import Block, Calendar, Person, Rep, Team
from rules.read import read_playbook
from tests.builders import NOW, facts

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = ("00:00-24:00",)
WORKDAYS = dict.fromkeys(DAYS[:5], ("09:00-12:00", "13:00-17:00"))

PLAYBOOK = """
version: 1
attributes:
  employees: {type: number}
  segment: {type: text}
scoring:
  weights: {fit: 0.5, engagement: 0.5}
  qualify_at: 50
  grades: {A: 70, B: 40, C: 0}
  engagement: {half_life: 14d, activities: {webinar: {points: 30, at_most: 1 per day}}}
rules:
  - name: rival
    because: We do not sell to rivals
    when: {email_domain: rival.example}
    then: {disqualify: competitor}
  - name: asks
    because: Whoever asks is answered
    when: {source: demo_request}
    then: {qualify: true, tag: [hot, asked], add: 5.5}
  - name: large
    because: Large companies buy
    when: {employees: {at_least: 1000}}
    then: {set: {segment: enterprise}, add: 10}
  - name: likely
    because: The model likes them
    when: {fit: {at_least: 90}, probability: {at_least: 0.5}, segment: enterprise}
    then: {tag: likely}
routes:
  - {name: top, because: The best go first, when: {score: {at_least: 90}, tags: {contains: likely}}, to: desk, sla: hot}
  - {name: rest, because: Everybody is somebody's, to: desk, sla: standard}
slas:
  hot: {respond_within: 15m, clock: always}
  standard: {respond_within: 4h, clock: business, warn_at: [50%, 75%]}
calendars:
  berlin: {timezone: Europe/Berlin, hours: {mon-fri: ['09:00-12:00', '13:00-17:00']}, holidays: DE-BE}
teams:
  desk:
    calendar: berlin
    manager: {name: Mara, email: mara@seller.example}
    reps:
      - {name: Ana, email: ana@seller.example}
      - {name: Ben, email: ben@seller.example, accepts: {grade: A}}
"""


def compiled(text: str = PLAYBOOK) -> Compiled:
    """The playbook, version 7."""
    return compile_playbook(read_playbook(text, number=7))


def utc(text: str) -> datetime:
    """The UTC instant of `2026-03-06 12:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def berlin(text: str, fold: int = 0) -> datetime:
    """The instant at which clocks in Berlin show `2026-03-06 12:00`; with fold 1 for the second time."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"), fold=fold)


def calendar(
    hours: dict[str, tuple[str, ...]] | None = None,
    timezone: str = "Europe/Berlin",
    region: str | None = None,
    off: tuple[str, ...] = (),
) -> Calendar:
    """A calendar with working hours by day (mon-fri 9-12 and 13-17), 24:00 being the midnight that follows."""
    given = WORKDAYS if hours is None else hours
    blocks = [_block(day, text) for day, texts in given.items() for text in texts]
    days_off = tuple(date.fromisoformat(day) for day in off)
    return Calendar(name="test", timezone=timezone, blocks=tuple(blocks), region=region, days_off=days_off)


def _block(day: str, text: str) -> Block:
    start, end = text.split("-")
    until = time() if end == "24:00" else time.fromisoformat(end)
    return Block(weekday=DAYS.index(day), start=time.fromisoformat(start), end=until)


def rep(name: str, weight: float = 1.0, **over: Any) -> Rep:
    """A rep of this name and weight."""
    return Rep(name=name, email=f"{name.lower()}@seller.example", weight=weight, **over)


def team(*reps: Rep, manager: str | None = "Mara") -> Team:
    """A team of these reps under calendar `day`."""
    person = None if manager is None else Person(name=manager, email="manager@seller.example")
    return Team(name="desk", calendar="day", manager=person, reps=reps)


def standing(name: str, assigned: int = 0, **over: Any) -> Standing:
    """The standing of a rep who is there and has had nothing but `assigned` leads this period."""
    given: dict[str, Any] = {
        "credit": 0.0,
        "today": 0,
        "this_week": 0,
        "last_assigned_at": None,
        "absent_until": None,
    }
    return Standing(rep=name, assigned=assigned, **{**given, **over})


CALENDARS = {
    "day": calendar(dict.fromkeys(DAYS[:5], ("09:00-17:00",)), "UTC"),
    "late": calendar(dict.fromkeys(DAYS[:5], ("14:00-22:00",)), "UTC"),
    "never": calendar({}, "UTC"),
    "berlin": calendar(),
}


def choose(crew: Team, *standings: Standing, at: datetime = NOW, **over: Any) -> Choice:
    """The choice for a German lead at NOW, a Friday noon UTC; who has no standing has had nothing.

    `day` works 9 to 17 and `late` 14 to 22 on workdays, in UTC; `berlin` 9 to 12 and 13 to 17 there; `never` has no
    hours.
    """
    return choose_rep(crew, _all(crew, standings), facts(country="DE"), CALENDARS, at, **over)


def choose_named(crew: Team, named: str, *standings: Standing, **over: Any) -> Choice:
    """The choice for that lead of a rep whom somebody names."""
    return named_rep(crew, _all(crew, standings), facts(country="DE"), CALENDARS, NOW, named, **over)


def _all(crew: Team, standings: Sequence[Standing]) -> list[Standing]:
    given = {one.rep: one for one in standings}
    return [given.get(rep.name, standing(rep.name)) for rep in crew.reps]
