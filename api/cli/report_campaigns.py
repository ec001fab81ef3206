"""The report on campaigns as people read it."""

from collections.abc import Iterable

import click

from api.cli.house import say_table, written_span
from routing.audience import Aim, Contrast
from routing.surges import Surge
from store.reports.campaigns import CampaignResult, CampaignsReport

COLUMNS = (
    *("campaign", "state", "leads", "of planned", "qualified", "handed to sales", "in time", "late"),
    *("median response", "won", "lost", "rejected", "amount", "why rejected"),
)


def say_campaigns(found: CampaignsReport) -> None:
    """Prints the report: the campaigns, then what is ahead, whom marketing won, whom to aim at."""
    if found.campaigns:
        say_table(COLUMNS, map(_row, found.campaigns))
    else:
        click.echo(f"No lead came and no campaign was planned in {found.period}.")
    _say("Ahead", [f"{each.day} {each.campaign}: {each.expected:g} leads" for each in found.ahead])
    _say("More than sales can take", [*map(_surge, found.surges), *map(_untold, found.untold)])
    _say("Won leads against lost and rejected ones", map(_contrast, found.contrasts))
    _say("Whom to aim at next, by the model", map(_aim, found.audience))


def _say(heading: str, lines: Iterable[str]) -> None:
    told = [f"  {line}" for line in lines]
    if told:
        click.echo("\n".join(["", heading, *told]))


def _row(result: CampaignResult) -> tuple[object, ...]:
    reasons = ", ".join(f"{reason} ({count})" for reason, count in list(result.reject_reasons.items())[:3])
    return (
        *(result.name or "(none)", result.state or "not planned", result.leads),
        "" if result.planned is None else f"{result.expected or 0:,.0f} by now, {result.planned:,.0f} in all",
        *(result.qualified, result.handed, result.in_time, result.late),
        "" if result.response is None else written_span(result.response.median),
        *(result.won, result.lost, result.rejected, f"{result.amount:,.0f}", reasons),
    )


def _surge(surge: Surge) -> str:
    return (
        f"{surge.day} {surge.team}: {surge.expected:.0f} leads, and its reps take {surge.takes:.0f}{_shown(surge)}; "
        f"{surge.behind:.0f} wait and their SLA breaks ({', '.join(surge.campaigns)})"
    )


def _shown(surge: Surge) -> str:
    """What that goes by, where a rep has no limit."""
    if not surge.unlimited:
        return ""
    return f" (for {', '.join(surge.unlimited)}, without a limit, by their best day lately)"


def _untold(team: str) -> str:
    return f"{team}: nobody knows what it can take; a rep has no limit, and hardly a lead was due lately"


def _contrast(one: Contrast) -> str:
    return f"{one.attribute} {one.value}: {one.won:.0%} of the won, {one.lost:.0%} of the others ({one.lift:.1f} times)"


def _aim(aim: Aim) -> str:
    return f"{aim.attribute} {aim.value}: odds times {aim.odds:.2f}; {aim.leads} such leads lately ({aim.reach:.0%})"
