"""`leadline reps`: the reps as they stand now, and when they are away."""

import shlex
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo

import click

from api.cli.house import RefusedError, json_option, opened, say_json, say_table
from api.rep_documents import rep_document
from api.serving import read_active_playbook
from routing.candidates import Wall
from rules.playbook import Playbook
from store.absences import add_absence, end_absences
from store.reps import RepNow, reps_left, reps_now
from store.sweep import database_time

# A day as written, or an instant.
When = date | datetime


class WhenType(click.ParamType[When]):
    """A day (2026-12-24) or an instant with its offset (2026-12-24T12:00+01:00)."""

    name = "when"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> When:
        """The day or the instant; wrong usage for anything else."""
        try:
            if len(str(value)) == len("2026-12-24"):
                return date.fromisoformat(str(value))
            instant = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no time; write 2026-12-24 or 2026-12-24T12:00+01:00", param, ctx)
        if instant.tzinfo is None:
            self.fail(f"{value} has no offset; write {value}Z if it is UTC, or {value}+01:00", param, ctx)
        return instant


@click.group()
def reps() -> None:
    """List the reps, say when they are away."""


@reps.command("list")
@click.option("--team", help="Only reps of this team.")
@json_option
def list_reps(team: str | None, as_json: bool) -> None:
    """List the reps: what they had and may still take, what they hold, when they work."""
    with opened() as database, database.read() as tx:
        playbook = read_active_playbook(tx).playbook
        now = database_time(tx)
        found = [each for each in reps_now(tx, playbook, now) if team in (None, each.team)]
        left = [each for each in reps_left(tx, playbook) if team in (None, each.team)]
    if as_json:
        say_json([rep_document(each) for each in found])
        return
    columns = ("team", "rep", "weight", "capacity", "today", "week", "month", "open", "absent until", "works")
    say_table(columns, (_row(each, now) for each in found))
    for each in left:
        click.echo(
            f"{each.rep} has left {each.team} and still holds {each.open} lead{'' if each.open == 1 else 's'}: "
            f"`leadline leads list --rep {shlex.quote(each.rep)}`; POST /v1/leads/ID/reassign passes each on."
        )


@reps.command()
@click.argument("name")
@click.option("--from", "start", type=WhenType(), help="First day, or instant; now when left out.")
@click.option("--to", "end", type=WhenType(), help="Last day, or the instant of coming back.")
@click.option("--cancel", is_flag=True, help="Take back the absences that touch this time; all of them without one.")
def absent(name: str, start: When | None, end: When | None, cancel: bool) -> None:
    """Keep that the rep of a NAME is away; days are those of the rep's calendar, first and last included.

    Who is away gets no leads, and none too many when back: what the others get meanwhile is credited by weight.
    """
    if end is None and not cancel:
        raise click.UsageError("--to is needed: the last day away, or the instant of coming back")
    with opened() as database, database.begin() as tx:
        zone = ZoneInfo(timezone := _timezone(read_active_playbook(tx).playbook, name))
        now = database_time(tx)
        first = now if start is None else _instant(start, zone, 0)
        last = None if end is None else _instant(end, zone, 1)
        if last is not None and last <= first:
            raise click.UsageError("--to is not after --from")
        if cancel:
            count = end_absences(tx, name, first, last, now)
        elif last is not None:
            add_absence(tx, name, first, last, now)
    if cancel:
        click.echo(f"{count} absence{'' if count == 1 else 's'} of {name} taken back.")
    elif last is not None:
        wall = Wall(now=now, timezone=timezone)
        click.echo(f"{name} is away from {wall.told(first)} until {wall.told(last)}.")


def _timezone(playbook: Playbook, name: str) -> str:
    """The time zone that a rep works in. Raises: RefusedError for a name that no rep has."""
    zones = {
        rep.name: playbook.calendars[rep.calendar or team.calendar].timezone
        for team in playbook.teams.values()
        for rep in team.reps
    }
    if name not in zones:
        close = get_close_matches(name, zones, n=1)
        hint = f"did you mean {close[0]}?" if close else f"they are {', '.join(zones)}"
        raise RefusedError(f"the playbook in force has no rep {name!r}; {hint}")
    return zones[name]


def _instant(when: When, zone: ZoneInfo, days: int) -> datetime:
    """An instant as it is; of a day its beginning in a zone, or with 1 its end."""
    if isinstance(when, datetime):
        return when
    return datetime.combine(when + timedelta(days=days), time(), tzinfo=zone)


def _row(each: RepNow, now: datetime) -> tuple[object, ...]:
    capacity = rep_document(each)["capacity"]
    counts = (each.had.today, each.had.this_week, each.had.assigned, each.open)
    at, back, wall = each.works_from, each.had.absent_until, Wall(now=now, timezone=each.timezone)
    works = "never" if at is None else "now" if at <= wall.now else f"from {wall.told(at)}"
    return (each.team, each.rep.name, each.rep.weight, capacity, *counts, back and wall.told(back), works)
