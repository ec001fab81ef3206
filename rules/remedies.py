"""Remedies: what was probably meant by a word or a scalar that a playbook does not take; empty where unclear."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

# Words that other tools use, by the words that stand for them here.
_CALLED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "at_least": ("gte", "ge", ">=", "min", "minimum", "from", "greater_or_equal", "greater_than_or_equal"),
        "at_most": ("lte", "le", "<=", "max", "maximum", "up_to", "less_or_equal", "less_than_or_equal", "per_day"),
        "above": ("gt", ">", "greater_than", "more_than", "over", "greater"),
        "below": ("lt", "<", "less_than", "under", "less", "smaller_than"),
        "is": ("eq", "=", "==", "equals", "equal", "equal_to"),
        "not": ("ne", "!=", "<>", "is_not", "not_equal", "not_equals", "not_in", "none", "unless", "nor", "none_of"),
        "in": ("one_of", "any_of", "is_one_of"),
        "between": ("range",),
        "contains": ("includes", "include", "has"),
        "starts_with": ("begins_with", "prefix"),
        "ends_with": ("suffix",),
        "matches": ("like", "regex", "regexp", "pattern", "match"),
        "missing": ("exists", "present", "empty", "null", "is_null", "blank", "known", "unknown", "is_empty"),
        "before": ("until", "earlier_than"),
        "after": ("since", "later_than"),
        "within": ("last", "newer_than"),
        "any": ("or", "either", "any_of"),
        "all": ("and", "all_of", "both"),
        "number": ("int", "integer", "float", "decimal", "numeric", "double"),
        "text": ("string", "str", "varchar", "enum"),
        "flag": ("bool", "boolean"),
        "time": ("date", "datetime", "timestamp"),
        "list": ("array", "set", "multi"),
        "when": ("if", "condition", "conditions", "where"),
        "then": ("do", "action", "actions", "effect", "effects"),
        "because": ("why", "reason", "description", "comment", "about"),
        "to": ("team", "assign", "assign_to"),
        "add": ("points", "plus"),
        "points": ("add", "score"),
        "tag": ("tags",),
        "disqualify": ("reject",),
        "respond_within": ("response_time", "deadline", "respond", "first_response"),
        "accept_within": ("acceptance", "accept"),
        "timezone": ("zone", "tz", "time_zone"),
        "hours": ("working_hours", "business_hours", "open"),
        "days_off": ("closed", "off", "exceptions"),
        "reps": ("members", "people", "agents"),
        "accepts": ("filter", "when"),
        "capacity": ("limit", "max_leads"),
        "qualify_at": ("threshold", "cutoff"),
        "business": ("working", "work", "business_hours", "office"),
        "always": ("calendar", "24/7", "24x7", "wall"),
        "slas": ("sla",),
        "respond": ("response",),
        "give_outcome": ("outcome", "outcomes", "close"),
    }
)

_UNITS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "s": ("s", "sec", "secs", "second", "seconds"),
        "m": ("m", "min", "mins", "minute", "minutes"),
        "h": ("h", "hr", "hrs", "hour", "hours"),
        "d": ("d", "day", "days"),
        "w": ("w", "wk", "week", "weeks"),
        "business days": ("bd", "workday", "working day", "working days", "workdays", "business day", "business days"),
    }
)
_UNIT = MappingProxyType({word: unit for unit, words in _UNITS.items() for word in words})
_SECONDS = MappingProxyType({"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800})
_LONGEST = 3650 * 86_400
_LONGER = MappingProxyType({"month": 30, "months": 30, "quarter": 90, "quarters": 90, "year": 365, "years": 365})


def called_here(word: str, options: Iterable[str]) -> str | None:
    """Return which option stands here for a word of other tools: `at_least` for `gte`; None for no such word."""
    folded = word.casefold().strip().replace(" ", "_").replace("-", "_")
    return next((option for option in options if folded in _CALLED.get(option, ())), None)


def number_remedy(text: str, maximum: float) -> str:
    """Return how to write a number that came with a percent sign, separators or a comparison."""
    if match := re.fullmatch(r"(>=|<=|=>|=<|>|<)\s*(\S+)", text):
        word = {">": "above", "<": "below"}.get(match[1]) or ("at_least" if ">" in match[1] else "at_most")
        return f"write {{{word}: {match[2]}}}"
    if match := re.fullmatch(r"([+-]?\d+(?:\.\d+)?)\s*%", text):
        return f"write {float(match[1]) / 100:g}" if maximum == 1 else f"write {match[1]}, without %"
    if re.fullmatch(r"[+-]?\d{1,3}([,_' .]\d{3})+", text):
        digits = re.sub(r"[^\d+-]", "", text)
        return f"write {digits}, without separators"
    if maximum == 1 and re.fullmatch(r"[5-9]|\d\d|100", text):
        return f"write {float(text) / 100:g}"
    return f"write {text.replace(',', '.')}" if re.fullmatch(r"[+-]?\d+,\d+", text) else ""


def span_remedy(text: str) -> str:
    """Return how to write `4 hours`, `1h30m`, `3 months` or a number without its unit; empty for something else."""
    folded = " ".join(re.sub(r"\band\b|[,-]", " ", text.casefold()).split())
    if re.fullmatch(r"\d+", folded):
        return f"write {folded}m for minutes, {folded}h for hours, {folded}d for days"
    parts = re.findall(r"(\d+) ?([a-z][a-z ]*[a-z]|[a-z])", folded)
    if "".join(map("".join, parts)).replace(" ", "") != folded.replace(" ", "") or not parts:
        return ""
    if len(parts) == 1 and _UNIT.get(parts[0][1]) == "business days":
        return f"write {parts[0][0]} business day{'s' if parts[0][0] != '1' else ''}"
    if len(parts) == 1 and parts[0][1] in _LONGER:
        return f"write {int(parts[0][0]) * _LONGER[parts[0][1]]}d"
    units = [(int(count), _SECONDS.get(_UNIT.get(word.strip(), ""))) for count, word in parts]
    seconds = sum(count * unit for count, unit in units if unit)
    if not seconds or any(unit is None for _, unit in units):
        return ""
    if seconds > _LONGEST:
        return f"a span lasts at most {_LONGEST // 86_400}d"
    largest = next(unit for unit in "wdhms" if seconds % _SECONDS[unit] == 0)
    own = _UNIT[parts[0][1].strip()] if len(parts) == 1 else largest
    return f"write {seconds // _SECONDS[own]}{own}"


def share_remedy(text: str) -> str:
    """Return how to write `0.8` or `95` as a percentage; empty for something else."""
    if not re.fullmatch(r"\d{1,3}(\.\d+)?", text) or float(text) > 100:
        return ""
    return f"write {float(text) * (100 if '.' in text and float(text) <= 1 else 1):g}%"


def limit_remedy(text: str, periods: tuple[str, ...]) -> str:
    """Return how to write `20/day` or `20` as a limit; empty for something else."""
    match = re.fullmatch(r"(\d+)\s*(?:(?:/|a|an|per|each|every)\s*([a-z]+?)s?)?", text.casefold())
    suiting = [each for each in periods if match and match[2] in (None, each)]
    return f"write {' or '.join(f'`{match[1]} per {each}`' for each in suiting)}" if match and suiting else ""


def hours_remedy(text: str) -> str:
    """Return how to write `8:30-18:00` or `9am-5:30pm`; empty for something else."""
    part = r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?"
    match = re.fullmatch(rf"{part}\s*(?:-|\u2013|to|until)\s*{part}", text.casefold().strip())
    if not match:
        return ""
    start, end = (_clock(*match.groups()[place : place + 3]) for place in (0, 3))
    return f"write '{start}-{end}'" if start and end else ""


def _clock(hour: str, minute: str | None, half: str | None) -> str:
    hours = int(hour) % 12 + (12 if half == "pm" else 0) if half else int(hour)
    return f"{hours:02d}:{minute or '00'}" if hours < 24 and int(minute or 0) < 60 else ""


def days_remedy(text: str, days: tuple[str, ...]) -> str:
    """Return how to write `Monday-Friday`, `weekdays` or `daily`; empty for something else."""
    folded = text.casefold().strip()
    known = {"weekdays": "mon-fri", "workdays": "mon-fri", "weekend": "sat-sun", "daily": "mon-sun", "all": "mon-sun"}
    if folded in known:
        return f"did you mean '{known[folded]}'?"
    parts = [part.strip()[:3] for part in re.split(r"-|\u2013| to ", folded)]
    return f"did you mean '{'-'.join(parts)}'?" if len(parts) <= 2 and all(part in days for part in parts) else ""


def zone_remedy(text: str, zones: Iterable[str]) -> str:
    """Return the time zones of a city (`New York`); empty where none is named so."""
    city = text.casefold().strip().replace(" ", "_")
    found = sorted(zone for zone in zones if city in (zone.casefold(), zone.casefold().rsplit("/", 1)[-1]))
    return f"did you mean '{found[0]}'?" if found else ""
