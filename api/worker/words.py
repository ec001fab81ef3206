"""What people are told, in words: a template for each kind of event, a plain file to read and to change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from scoring.lead import Lead
from store.events import Event

TEMPLATES = Path(__file__).parents[1] / "templates" / "notifications"
SUBJECT = "Subject: "
SHOWN = ("title", "country", "email", "phone", "message")


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What is said of an event: a line of its own, and the rest."""

    subject: str
    text: str


def words_of(event: Event, lead: Lead | None, *, timezone: str = "UTC") -> Message:
    """The words for an event about a lead, or about none; instants are told by the clocks of a time zone."""
    clock = str(event.payload.get("clock", "")).replace("_", " ")
    said = _templates(timezone).get_template(f"{event.kind}.txt")
    text = said.render(event=event, data=event.payload, clock=clock, lead=_shown(lead))
    first, _, rest = text.partition("\n")
    # Whatever a lead is called, a subject is one line.
    return Message(subject=" ".join(first.removeprefix(SUBJECT).split()), text=rest.strip() + "\n")


def _shown(lead: Lead | None) -> Mapping[str, object]:
    """What templates may say of a lead; `who` is its name and company as far as they are known."""
    if lead is None:
        return {"who": "a lead", **dict.fromkeys(SHOWN)}
    name = " ".join(part for part in (lead.first_name, lead.last_name) if part)
    who = ", ".join(part for part in (name, lead.company) if part) or lead.email or lead.phone or "a lead"
    return {"who": " ".join(who.split()), **{each: getattr(lead, each) for each in SHOWN}}


@cache
def _templates(timezone: str) -> Environment:
    """The templates, whose filter `time` writes instants by the clocks of a time zone."""
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, trim_blocks=True, autoescape=False
    )
    zone = ZoneInfo(timezone)
    templates.filters["time"] = lambda at: datetime.fromisoformat(at).astimezone(zone).strftime("%a %d %b %H:%M %Z")
    return templates
