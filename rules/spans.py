"""Spans, shares and rates: `15m`, `10 business days`, `50%`, `3 per day`, and the terms that read them."""

import re
from datetime import timedelta
from typing import get_args

from rules.nodes import Node, ScalarNode
from rules.playbook import Limit, Period, Span, WorkingDays
from rules.reading import Reading
from rules.remedies import length_remedy, limit_remedy, share_remedy, span_remedy
from rules.terms import Term, choice_term, number_of, scalar_term

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
LONGEST_DAYS = 3650

_SPAN = r"0*[1-9]\d* ?[smhdw]"
_WORKING = r"0*[1-9]\d* business days?"
_LIMIT = r"0*[1-9]\d* per (day|week)"


def span_of(text: str) -> timedelta | None:
    """Return the span of `30s`, `15m`, `4h`, `2d`, `1w`; None when it is none, is zero or is over ten years."""
    match = re.fullmatch(r"(\d{1,9}) ?([smhdw])", text, re.ASCII)
    seconds = int(match[1]) * _SECONDS[match[2]] if match else 0
    return timedelta(seconds=seconds) if 0 < seconds <= LONGEST_DAYS * 86400 else None


def working_days_of(text: str) -> WorkingDays | None:
    """Return the days of `10 business days`; None when it is something else."""
    match = re.fullmatch(r"(\d{1,4}) business days?", text, re.ASCII)
    days = int(match[1]) if match else 0
    return WorkingDays(days=days) if 0 < days <= LONGEST_DAYS else None


def span_text(span: Span) -> str:
    """Return a span as the playbook writes it, in its largest whole unit."""
    if isinstance(span, WorkingDays):
        return f"{span.days} business day{'s' if span.days != 1 else ''}"
    seconds = int(span.total_seconds())
    unit = next(unit for unit in "wdhms" if seconds % _SECONDS[unit] == 0)
    return f"{seconds // _SECONDS[unit]}{unit}"


def share_of(text: str) -> float | None:
    """Return the share, 0 to 1, of `50%`."""
    number = number_of(text[:-1].rstrip()) if text.endswith("%") else None
    return number / 100 if number is not None and 0 <= number <= 100 else None


def limit_of(text: str) -> Limit | None:
    """Return the limit of `3 per day` or `20 per week`; None when it is something else, or nothing at all."""
    match = re.fullmatch(r"(\d{1,6}) per (day|week)", text, re.ASCII)
    if not match or not int(match[1]):
        return None
    return Limit(count=int(match[1]), per="day" if match[2] == "day" else "week")


def length_term() -> Term:
    """Return a term for a span of plain time."""
    return scalar_term(
        "a span of time", span_of, {"type": "string", "pattern": f"^{_SPAN}$"}, "write 15m, 4h, 2d or 1w", length_remedy
    )


def span_term() -> Term:
    """Return a term for a span of time or a number of business days."""
    schema = {"type": "string", "pattern": f"^({_SPAN}|{_WORKING})$"}
    hint = "write 15m, 4h, 2d or 10 business days"
    return scalar_term("a span of time", lambda text: span_of(text) or working_days_of(text), schema, hint, span_remedy)


def note_ambiguous(node: Node, reading: Reading) -> None:
    """Note a span of working time that means two things: `2d` could be 48 working hours or two working days."""
    text = node.text.strip() if isinstance(node, ScalarNode) else ""
    span = span_of(text)
    if span is not None and text[-1] in "dw":
        remedy = f"write '{span.days} business day{'s' if span.days != 1 else ''}' or '{span.days * 8}h'"
        reading.note(node, "ambiguous-span", f"'{text}' is ambiguous on a business clock", remedy)


def period_term() -> Term:
    """Return a term for the period in which something promised is counted."""
    return choice_term("period", get_args(Period))


def share_term() -> Term:
    """Return a term for a percentage."""
    schema = {"type": "string", "pattern": r"^(100(\.0+)?|\d{1,2}(\.\d+)?) ?%$"}
    return scalar_term("a percentage from 0% to 100%", share_of, schema, "write 50%", share_remedy)


def limit_term() -> Term:
    """Return a term for `N per day` or `N per week`."""
    return scalar_term(
        "a limit",
        limit_of,
        {"type": "string", "pattern": f"^{_LIMIT}$"},
        "write `20 per day` or `80 per week`",
        lambda text: limit_remedy(
            text, ("day", "week"), "leave the rep out, or for a while use `leadline reps absent`"
        ),
    )


def daily_term() -> Term:
    """Return a term for `N per day`; its value is the count."""

    def parse(text: str) -> int | None:
        limit = limit_of(text)
        return limit.count if limit and limit.per == "day" else None

    schema = {"type": "string", "pattern": r"^0*[1-9]\d* per day$"}
    return scalar_term("a daily limit", parse, schema, "write `3 per day`", lambda text: limit_remedy(text, ("day",)))
