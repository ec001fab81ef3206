"""Reads `calendars`: working hours by weekday, time zone, holidays."""

import re
from collections.abc import Mapping
from datetime import time
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import holidays

from rules.calendar_remedies import days_remedy, hours_remedy, long_night_remedy, zone_remedy
from rules.nodes import MapNode, Node, ScalarNode
from rules.playbook import Block, Calendar
from rules.problems import did_you_mean, nearest, shown
from rules.reading import Place, Reading
from rules.sections import Field, Record, Section, named_term
from rules.terms import Term, date_term, described, is_mapping, one_or_more_term, scalar_term, wrong
from scoring.contact import country_code

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = rf"({'|'.join(DAYS)})"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d"
_HOURS = rf"{_CLOCK} ?- ?({_CLOCK}|24:00)"

Times = tuple[time, time]


# A block that runs past midnight and is as long as this is more likely two clocks swapped.
LONG_NIGHT = 12 * 60


def _times(text: str) -> Times | None:
    """Return start and end of `09:00-17:30`; 24:00 is the midnight that follows."""
    if not re.fullmatch(_HOURS, text, re.ASCII):
        return None
    start, end = (part.strip() for part in text.split("-"))
    same = start == end
    return None if same else (time.fromisoformat(start), time() if end == "24:00" else time.fromisoformat(end))


_SPAN = scalar_term(
    "working hours", _times, {"type": "string", "pattern": f"^{_HOURS}$"}, "write '09:00-17:30'", hours_remedy
)


def _read_span(node: Node, reading: Reading) -> Times | None:
    times: Times | None = _SPAN.read(node, reading)
    if times is None:
        return None
    start, end = times
    minutes = (end.hour - start.hour) * 60 + end.minute - start.minute
    if end != time() and minutes < 0 and minutes + 1440 >= LONG_NIGHT:
        message = f"{described(node)} runs over midnight and lasts {(minutes + 1440) / 60:g} hours"
        reading.note(node, "long-night", message, long_night_remedy(f"{start:%H:%M}", f"{end:%H:%M}"))
        return None
    return times


HOURS_TERM = Term(says=_SPAN.says, read=_read_span, schema=_SPAN.schema)


def _weekdays(text: str) -> tuple[int, ...] | None:
    """Return the weekdays of `mon-fri` or `sat`; a range may run over the week's end."""
    match = re.fullmatch(rf"{_DAY}(?: ?- ?{_DAY})?", text.casefold().strip())
    if not match:
        return None
    first = DAYS.index(match[1])
    length = (DAYS.index(match[2] or match[1]) - first) % 7 + 1
    return tuple((first + step) % 7 for step in range(length))


def _read_hours(node: Node, reading: Reading) -> tuple[Block, ...] | None:
    if not is_mapping(node, reading, "working hours by day", "write mon-fri: '09:00-17:00' below it") or not isinstance(
        node, MapNode
    ):
        return None
    before = len(reading.problems)
    blocks: list[Block] = []
    for key, value in node.entries:
        days = _weekdays(key.text)
        if days is None:
            remedy = days_remedy(key.text, DAYS) or "write mon, sat or mon-fri"
            reading.note(key, "unknown-day", f"'{shown(key.text)}' is not a day or a range of days", remedy)
        times = one_or_more_term(HOURS_TERM, "working hours").read(value, reading) or ()
        blocks += [Block(weekday=day, start=start, end=end) for day in days or () for start, end in times]
    _note_overlaps(blocks, node, reading)
    ordered = sorted(blocks, key=lambda block: (block.weekday, block.start))
    return tuple(ordered) if len(reading.problems) == before else None


def _note_overlaps(blocks: list[Block], place: Place, reading: Reading) -> None:
    """Note the first two blocks that share a minute of the week, Sunday night into Monday included."""
    spans = sorted((*_minutes(block), block.weekday) for block in blocks)
    around = [*spans, *((start + 7 * 1440, end + 7 * 1440, day) for start, end, day in spans[:1])]
    for (_, end, day), (start, _, other) in pairwise(around):
        if start < end and len(spans) > 1:
            days = DAYS[day] if day == other else f"{DAYS[day]} and {DAYS[other]}"
            reading.note(place, "overlapping-hours", f"working hours overlap on {days}", "let each minute stand once")
            return
    return


def _minutes(block: Block) -> tuple[int, int]:
    """Return start and end in minutes from Monday's midnight; the end may lie in the next day."""
    start = block.weekday * 1440 + block.start.hour * 60 + block.start.minute
    end = block.weekday * 1440 + block.end.hour * 60 + block.end.minute
    return start, end if block.end > block.start else end + 1440


HOURS = Term(
    says="hours by day or range of days",
    read=_read_hours,
    schema={
        "type": "object",
        "propertyNames": {"pattern": f"^{_DAY}( ?- ?{_DAY})?$"},
        "additionalProperties": one_or_more_term(HOURS_TERM, "working hours").schema,
    },
)


def _read_zone(node: Node, reading: Reading) -> str | None:
    if not isinstance(node, ScalarNode) or node.empty:
        wrong(node, reading, "a time zone", "write one like Europe/Berlin")
        return None
    try:
        ZoneInfo(node.text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zones = sorted(available_timezones())
        near = nearest(node.text, zones)
        remedy = zone_remedy(node.text, zones) or (
            f"did you mean '{near}'?" if near else "write one like Europe/Berlin"
        )
        reading.note(node, "unknown-zone", f"'{shown(node.text)}' is not a time zone", remedy)
        return None
    return node.text


_ZONE = r"^[A-Za-z]+(/[A-Za-z0-9_+-]+)*$"
ZONE = Term(says="a time zone", read=_read_zone, schema={"type": "string", "pattern": _ZONE})


def _read_region(node: Node, reading: Reading) -> str | None:
    if not isinstance(node, ScalarNode) or node.empty:
        wrong(node, reading, "a holiday region", "write one like DE-BE or US")
        return None
    known = holidays.list_supported_countries()
    country, dash, subdivision = node.text.partition("-")
    if country in known and (not dash or subdivision in known[country]):
        return node.text
    remedy = _region_remedy(node.text, known) or "write a country or a part of it, like US, DE or DE-BE"
    reading.note(node, "unknown-region", f"'{shown(node.text)}' is not a holiday region", remedy)
    return None


def _region_remedy(text: str, known: Mapping[str, list[str]]) -> str:
    """Return the region that a name or another code stands for: `Germany`, `UK`, `DE-Berlin`, `Bavaria`."""
    country, _, part = text.partition("-")
    code = country_code(country) or country.upper()
    if code in known and not part:
        return f"did you mean '{code}'?"
    if code in known:
        return did_you_mean(_parts(code).get(part, text), [code, *(f"{code}-{region}" for region in known[code])])
    regions = (_parts(each)[text] for each in known if len(each) == 2 and text in _parts(each))
    return next((f"did you mean '{region}'?" for region in regions), "")


def _parts(country: str) -> Mapping[str, str]:
    """Return the regions of a country by the names of its parts: `{"Berlin": "DE-BE"}`."""
    aliases = getattr(holidays.country_holidays(country), "subdivisions_aliases", {})
    return {name: f"{country}-{part}" for name, part in aliases.items()}


REGION = Term(says="a region", read=_read_region, schema={"type": "string", "pattern": "^[A-Z]{2,3}(-.+)?$"})

CALENDAR = Section(
    noun="calendar",
    about="When people work",
    fields=(
        Field(name="timezone", term=ZONE, about="Time zone, like Europe/Berlin", required=True),
        Field(
            name="hours",
            term=HOURS,
            about="Working hours by day or range of days; past midnight is allowed",
            required=True,
        ),
        Field(
            name="holidays", term=REGION, about="Region whose public holidays are off: country or country-subdivision"
        ),
        Field(name="days_off", term=one_or_more_term(date_term(), "dates"), about="Further days off", default=()),
    ),
)


def _calendar(name: str, record: Record, reading: Reading) -> Calendar | None:
    if not record["hours"]:
        reading.note(record.nodes["hours"], "no-working-time", f"nobody ever works in '{name}'", "add hours")
        return None
    return _first_of_equals(
        Calendar(
            name=name,
            timezone=record["timezone"],
            blocks=record["hours"],
            region=record["holidays"],
            days_off=tuple(sorted(set(record["days_off"]))),
        )
    )


@lru_cache(1_024)
def _first_of_equals(calendar: Calendar) -> Calendar:
    """Return the first that was read of calendars that are equal.

    Opening hours are kept by calendar: finding them by the very one needs no comparing of all hours at each look.
    """
    return calendar


CALENDARS = named_term(CALENDAR, _calendar)
