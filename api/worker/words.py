"""What people are told, in words: a template for each kind of event, a plain file to read and to change."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from pathlib import Path
from traceback import extract_tb
from zoneinfo import ZoneInfo

from jinja2 import FileSystemLoader, StrictUndefined, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from scoring.lead import NOTHING, Lead
from store.events import Event

OURS = Path(__file__).parents[1] / "templates" / "notifications"
SUBJECT = "Subject: "
# What templates may say of a lead, beside `who`.
SHOWN = tuple(field.name for field in fields(Lead) if field.name not in ("consent", "attributes"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What is said of an event: a line of its own, and the rest."""

    subject: str
    text: str


class BrokenTemplateError(Exception):
    """A template says nothing of an event: which file, at which line, and what is wrong there."""

    def __init__(self, file: Path, line: int, what: str) -> None:
        super().__init__(f"{file}:{line}: {what}")
        self.file, self.line, self.what = file, line, what


def words_of(
    event: Event, lead: Lead | None, holder: str | None = None, *, timezone: str = "UTC", folder: Path = OURS
) -> Message:
    """The words of a folder's template for an event about a lead, or about none; time is told by a zone's clocks.

    `holder` is who has the lead now: a rep, the queue of a team, or None where it is not with sales.

    Raises: BrokenTemplateError.
    """
    file = folder / f"{event.kind}.txt"
    try:
        template = _templates(folder, timezone).get_template(file.name)
        text = template.render(event=event, data=event.payload, clock=clock_of(event), lead=shown(lead), holder=holder)
    except TemplateSyntaxError as error:
        raise BrokenTemplateError(file, error.lineno, str(error.message)) from None
    except Exception as error:
        raise BrokenTemplateError(file, _line(file, error), f"{type(error).__name__}: {error}") from error
    first, _, rest = text.partition("\n")
    # Whatever a lead is called, a subject is one line.
    subject = " ".join(first.removeprefix(SUBJECT).split())
    if not subject or not rest.strip():
        raise BrokenTemplateError(file, 1, "it says nothing; write a line `Subject: ...` first, and the text below it")
    return Message(subject=subject, text=rest.strip() + "\n")


def clock_of(event: Event) -> str:
    """Which promise an event is about, in words: first response, acceptance or attempts; empty for one about none."""
    return str(event.payload.get("clock", "")).replace("_", " ")


def shown(lead: Lead | None) -> Mapping[str, object]:
    """What templates may say of a lead; `who` is its name and company as far as they are known."""
    if lead is None:
        return {"who": "a lead", **dict.fromkeys(SHOWN), "attributes": NOTHING}
    name = " ".join(part for part in (lead.first_name, lead.last_name) if part)
    who = ", ".join(part for part in (name, lead.company) if part) or lead.email or lead.phone or "a lead"
    known = {each: getattr(lead, each) for each in SHOWN}
    return {"who": " ".join(who.split()), **known, "attributes": lead.attributes}


def _line(file: Path, error: Exception) -> int:
    """The line of a template at which something went wrong; the first where that is not known."""
    return next(
        (each.lineno or 1 for each in reversed(extract_tb(error.__traceback__)) if each.filename == str(file)), 1
    )


@cache
def _templates(folder: Path, timezone: str) -> ImmutableSandboxedEnvironment:
    """The templates of a folder; their filter `time` writes instants by a zone's clocks, `day` writes dates.

    They change nothing and reach nothing but what they are given.
    """
    templates = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder), undefined=StrictUndefined, trim_blocks=True, autoescape=False
    )
    zone = ZoneInfo(timezone)

    def time(at: object) -> str:
        return datetime.fromisoformat(str(at)).astimezone(zone).strftime("%a %d %b %H:%M %Z")

    templates.filters["time"] = time
    templates.filters["day"] = lambda day: date.fromisoformat(str(day)).strftime("%a %d %b %Y")
    return templates
