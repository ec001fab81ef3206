"""A comparison in words and tables, for people at a terminal."""

from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from rich.console import Console
from rich.table import Table

from api.diff.comparison import Comparison
from api.diff.document import diff_document
from routing.placed import ASPECTS

WIDTH = 120
MOST_SHIFTS = 12
LEFT = ("from", "to", "team", "rep", "of", "promised", "")


def diff_text(found: Comparison) -> str:
    """Who moves, what reps get, what marketing delivers and the surprises, as text."""
    told = diff_document(found)
    out = Console(file=StringIO(), width=WIDTH, highlight=False, markup=False)
    for line in (*headlines(told), *(f"Note: {note}" for note in found.notes)):
        out.print(line, soft_wrap=True)
    for title, headers, rows in tables(told):
        out.print(f"\n{title}")
        out.print(_table(headers, rows))
    for line in surprise_lines(told):
        out.print(line, soft_wrap=True)
    written = out.file
    return written.getvalue().rstrip() if isinstance(written, StringIO) else ""


def headlines(told: dict[str, Any]) -> list[str]:
    """What a reader wants to know first."""
    moved, qualified, deadlines = told["moved"], told["qualified_leads"], told["deadlines"]
    lines = [
        f"{told['old']['name']} -> {told['new']['name']}",
        f"{told['decisions']:,} decisions on {told['leads']:,} leads{_when(told)}",
        (
            f"{moved['decisions']:,} decisions move, of {moved['leads']:,} leads; "
            f"{told['rescored']:,} more get another score in the same place"
        ),
        (
            f"Leads that qualify: {qualified['before']:,} -> {qualified['after']:,} "
            f"({qualified['after'] - qualified['before']:+,})"
        ),
    ]
    if deadlines["earlier"] or deadlines["later"]:
        lines.append(f"Deadlines: {deadlines['earlier']:,} earlier, {deadlines['later']:,} later")
    if told["refused"]:
        lines.append(f"{told['refused']:,} decisions cannot be taken: their calendars do not reach that far")
    if told["decisions"] and any(each["a_week_after"] is None for each in told["workload"]["teams"]):
        lines.append("They stand for less than a day, so nothing is said of weeks and periods")
    return lines


def tables(told: dict[str, Any]) -> Iterable[tuple[str, Sequence[str], list[list[str]]]]:
    """The tables that have something to say: title, headers, rows."""
    for aspect, shifts in told["shifts"].items():
        rows = [[_word(each["before"]), _word(each["after"]), f"{each['decisions']:,}"] for each in shifts]
        if rows:
            yield f"Moves by {ASPECTS[aspect]}", ("from", "to", "decisions"), _most(rows)
    if any(each["before"] or each["after"] for each in told["workload"]["teams"]):
        loads = ("leads before", "leads after", "change", "a week before", "a week after")
        teams = [*map(_team_load, told["workload"]["teams"])]
        yield "Expected load of teams", *_filled(("team", *loads), teams)
        reps = [*map(_load, told["workload"]["reps"])]
        title = "Expected load of reps, by weight among those who accept each lead"
        yield title, *_filled(("team", "rep", *loads, "capacity a week", ""), reps)
    if told["delivery"]:
        headers = ("promised", "of", "leads before", "leads after", "change", "expected before", "expected after")
        title = "Expected delivery by marketing, each lead as it was when it first qualified"
        yield title, *_filled(headers, [*map(_delivery, told["delivery"])])


def surprise_lines(told: dict[str, Any]) -> list[str]:
    """The most surprising leads with what makes them move."""
    lines = ["", "The most surprising leads"] if told["surprises"] else []
    for each in told["surprises"]:
        lines.append(f"  {each['name']} ({each['decision']})")
        lines.append(f"    {place(each['before'])} -> {place(each['after'])}")
        lines += [f"    {cause['text']}" for cause in each["because"]]
    return lines


def place(told: dict[str, Any]) -> str:
    """Where a lead is placed: `81.0 A, team emea-enterprise under hot`."""
    where = f"team {told['team']} under {told['sla']}" if told["team"] else "marketing keeps it"
    return f"{told['score']:.1f} {told['grade']}, {where}"


def _team_load(each: dict[str, Any]) -> list[str]:
    return [each["team"], *_expected(each)]


def _load(each: dict[str, Any]) -> list[str]:
    return [
        each["team"],
        each["rep"] or "(queue: nobody accepts)",
        *_expected(each),
        _number(each["capacity_a_week"]),
        "over capacity" if each["over_capacity"] else "",
    ]


def _expected(each: dict[str, Any]) -> list[str]:
    """Leads before and after, the change, and both a week."""
    change = round(each["after"] - each["before"], 1)
    leads = (f"{each['before']:,.1f}", f"{each['after']:,.1f}", f"{change:+,.1f}" if change else "")
    return [*leads, _number(each["a_week_before"]), _number(each["a_week_after"])]


def _delivery(each: dict[str, Any]) -> list[str]:
    change = each["leads_after"] - each["leads_before"]
    return [
        f"{each['promised']:,} a {each['per']}",
        each["of"] or "all that qualify",
        f"{each['leads_before']:,}",
        f"{each['leads_after']:,}",
        f"{change:+,}" if change else "",
        _number(each["expected_before"]),
        _number(each["expected_after"]),
    ]


def _filled(headers: Sequence[str], rows: list[list[str]]) -> tuple[Sequence[str], list[list[str]]]:
    """A table without the columns in which nothing stands."""
    kept = [index for index in range(len(headers)) if any(row[index] for row in rows)]
    return [headers[index] for index in kept], [[row[index] for index in kept] for row in rows]


def _most(rows: list[list[str]]) -> list[list[str]]:
    more = len(rows) - MOST_SHIFTS
    return [*rows[:MOST_SHIFTS], [f"and {more:,} more", "", ""]] if more > 0 else rows


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"


def _word(value: object) -> str:
    match value:
        case None:
            return "(marketing)"
        case bool():
            return "qualified" if value else "not qualified"
        case _:
            return str(value)


def _when(told: dict[str, Any]) -> str:
    if told["first"] is None:
        return ""
    first, last = (f"{told[end]:%Y-%m-%d}" for end in ("first", "last"))
    return f" of {first}" if first == last else f" from {first} to {last}"


def _table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for header in headers:
        table.add_column(header, overflow="fold", justify="left" if header in LEFT else "right")
    for row in rows:
        table.add_row(*row)
    return table
