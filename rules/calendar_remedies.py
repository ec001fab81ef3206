"""Remedies for hours, days, dates and time zones; empty where it is unclear what was meant."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType


def hours_remedy(text: str) -> str:
    """Return how to write `8:30-18:00`, `9am-5:30pm` or two spans in one text; empty for something else."""
    several = [part.strip() for part in re.split(r",|;|&|\+|\band\b", text)]
    if len(several) > 1:
        spans = [_span_meant(part)[0] for part in several]
        return f"write [{', '.join(map(repr, spans))}]" if all(spans) else ""
    if re.fullmatch(r"\d{1,2}[:.]\d{2}", text):
        return "write start and end in one: '09:00-17:30'"
    span, why = _span_meant(text)
    return f"write '{span}'{why}" if span else ""


def _span_meant(text: str) -> tuple[str, str]:
    """Return one span as it is to be written, empty for something else, and why, where that is not plain."""
    part = r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?"
    match = re.fullmatch(rf"{part}\s*(?:-|\u2013|to|until)\s*{part}", text.casefold().strip())
    if not match:
        return "", ""
    start, end = (_clock(*match.groups()[place : place + 3]) for place in (0, 3))
    if start and int(match[4]) * 100 + int(match[5] or 0) > 2400:
        return f"{start}-24:00", ": a day ends at 24:00"
    start, end = "00:00" if start == "24:00" else start, "24:00" if end == "00:00" else end
    return f"{start}-{end}" if start and end else "", ""


def long_night_remedy(start: str, end: str) -> str:
    """Return what hours that run long past midnight may have meant: two clocks swapped, a forgotten pm, or a night."""
    hour = int(end[:2])
    meant = f"{start}-{hour + 12}{end[2:]}" if start[:2] < "12" and hour + 12 > int(start[:2]) else f"{end}-{start}"
    return f"write '{meant}', or for a night its two parts: '{start}-24:00', and '00:00-{end}' on the days after"


def _clock(hour: str, minute: str | None, half: str | None) -> str:
    hours = int(hour) % 12 + (12 if half == "pm" else 0) if half else int(hour)
    known = hours < 24 or (hours == 24 and not int(minute or 0))
    return f"{hours:02d}:{minute or '00'}" if known and int(minute or 0) < 60 else ""


_RANGES = MappingProxyType(
    {"weekday": "mon-fri", "workday": "mon-fri", "weekend": "sat-sun", "daily": "mon-sun", "all": "mon-sun"}
)


def _days_meant(text: str, days: tuple[str, ...]) -> str:
    """Return the day, or range of days, of `Sunday`, `Monday - Friday` or `weekdays`; empty for something else."""
    folded = text.casefold().strip()
    if folded.removesuffix("s") in _RANGES:
        return _RANGES[folded.removesuffix("s")]
    parts = [part.strip()[:3] for part in re.split(r"-|\u2013| to ", folded)]
    return "-".join(parts) if len(parts) <= 2 and all(part in days for part in parts) else ""


def days_remedy(text: str, days: tuple[str, ...]) -> str:
    """Return how to write `Monday-Friday`, `weekdays` or `mon, tue`; empty for something else."""
    several = [_days_meant(part, days) for part in text.split(",")]
    if len(several) > 1 and all(several):
        return f"write a line for each of {', '.join(several)}"
    return f"did you mean '{several[0]}'?" if several[0] else ""


def weekday_remedy(text: str, days: tuple[str, ...]) -> str:
    """Return how to write `Sunday` or `mon-fri` where days stand singly; empty for something else."""
    first, _, last = _days_meant(text, days).partition("-")
    if not last:
        return f"did you mean '{first}'?" if first else ""
    length = (days.index(last) - days.index(first)) % 7 + 1
    return f"write [{', '.join((days * 2)[days.index(first) :][:length])}]"


def time_remedy(text: str) -> str:
    """Return how to write a date or a time reckoned from now; empty for something else."""
    from_now = r"today|now|yesterday|tomorrow|[+-]?\d+ ?[a-z]+( ago)?"
    still = "a time stands still; for the last seven days write {within: 7d}"
    return still if re.fullmatch(from_now, text.casefold().strip()) else date_remedy(text)


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def date_remedy(text: str) -> str:
    """Return how to write `24.12.2026`, `2026-3-6` or `24 December 2026`; empty for something else."""
    folded = text.casefold().strip()
    if re.fullmatch(r"\d{4}-\d\d-\d\d\s*(-|\.\.|\u2013|to|until)\s*\d{4}-\d\d-\d\d", folded):
        return "write each day, as a list"
    if match := re.fullmatch(
        r"(\d{1,2})\.? ([a-z]{3})[a-z]*\.?,? (\d{4})|([a-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})", folded
    ):
        day, month, year = match[1] or match[5], match[2] or match[4], match[3] or match[6]
        return _date_text(year, str(_MONTHS.index(month) + 1 if month in _MONTHS else 0), day)
    match = re.match(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})", folded)
    if match is None or len(match[1]) == len(match[3]) == 4:
        return ""
    if len(match[1]) == 4:
        found = _date_text(*match.groups()) or _date_text(match[1], match[3], match[2])
        return "" if found == f"write {folded}" else found or "there is no such day"
    if len(match[3]) != 4:
        return ""
    clock = re.search(r"[ t](\d\d:\d\d(?::\d\d)?)$", folded)
    time = f"T{clock[1]}" if clock else ""
    by_day, by_month = (_date_text(match[3], *pair, time) for pair in ((match[2], match[1]), (match[1], match[2])))
    return by_day if "." in folded or not by_month else by_month if not by_day else f"{by_day} or {by_month[6:]}"


def _date_text(year: str, month: str, day: str, time: str = "") -> str:
    try:
        return f"write {date(int(year), int(month), int(day))}{time}"
    except ValueError:
        return ""


# What people call time zones; those that are zones of the tz database by themselves are not here.
_ZONES: Mapping[str, str] = MappingProxyType(
    {
        "pst": "America/Los_Angeles",
        "pdt": "America/Los_Angeles",
        "mdt": "America/Denver",
        "cst": "America/Chicago",
        "cdt": "America/Chicago",
        "edt": "America/New_York",
        "bst": "Europe/London",
        "cest": "Europe/Berlin",
        "eest": "Europe/Helsinki",
        "ist": "Asia/Kolkata",
        "sgt": "Asia/Singapore",
        "jst": "Asia/Tokyo",
        "aest": "Australia/Sydney",
    }
)


def zone_remedy(text: str, zones: Iterable[str]) -> str:
    """Return the time zone of a city (`New York`), or of an abbreviation (`PST`); empty where none is named so."""
    if text.casefold() in _ZONES:
        return f"did you mean '{_ZONES[text.casefold()]}'?"
    if re.fullmatch(r"(utc|gmt)? ?[+-].*", text.casefold()):
        return "name a place that keeps this time, like Europe/Berlin"
    city = text.casefold().strip().replace(" ", "_")
    found = sorted(zone for zone in zones if city in (zone.casefold(), zone.casefold().rsplit("/", 1)[-1]))
    return f"did you mean '{found[0]}'?" if found else ""
