"""`leadline report`: how the agreement stands, how fast sales answers, how fairly it shares, what campaigns brought."""

from collections.abc import Iterator
from datetime import datetime

import click

from api.cli.house import F, json_option, now, opened, say_table, written_span, written_time
from api.cli.report_campaigns import say_campaigns
from api.report_csv import Report, report_csv
from api.report_documents import report_document
from api.serving import read_active_playbook, read_served
from routing.agreement import BAD, Delivered, Done
from routing.periods import PeriodError, Stretch, named_stretch, stretch_of
from routing.projection import Projection
from routing.quota import Need
from routing.response import Delay, Response
from rules.playbook import Playbook
from store.database import Transaction
from store.reports.agreement import AgreementReport, agreement_report
from store.reports.campaigns import campaigns_report
from store.reports.fairness import fairness_report
from store.reports.sla import sla_report


def period_option(command: F) -> F:
    """Adds --period to a verb."""
    about = "A month as 2026-11, a quarter as 2026-Q4, a week as 2026-W48. Default: this month."
    return click.option("--period", help=about)(command)


def csv_option(command: F) -> F:
    """Adds --csv to a verb."""
    return click.option("--csv", "as_csv", is_flag=True, help="Print the main table alone, as CSV.")(command)


@click.group()
def report() -> None:
    """Report on the agreement, response times and fair shares."""


@report.command()
@period_option
@csv_option
@json_option
def agreement(period: str | None, as_csv: bool, as_json: bool) -> None:
    """Both sides of the agreement: what stands, what it will come to, what drives a miss, what the quotas need."""
    at = now()
    with opened() as database, database.read() as tx:
        playbook = in_force(tx)
        found = agreement_report(tx, playbook, period_of(playbook, period, at), at)
    if as_json or as_csv:
        _say_plain(found, as_json=as_json)
        return
    click.echo(f"Agreement of playbook {found.playbook}, {found.period}, as of {written_time(found.at)}\n")
    _say_promises(found)
    for line in _misses(found):
        click.echo(line)
    if found.quotas:
        click.echo()
        say_table(QUOTA, map(_quota, found.quotas))


@report.command()
@period_option
@csv_option
@json_option
def sla(period: str | None, as_csv: bool, as_json: bool) -> None:
    """How fast leads are answered, by team, SLA and rep."""
    with opened() as database, database.read() as tx:
        playbook = in_force(tx)
        found = sla_report(tx, playbook, period_of(playbook, period, now()))
    if as_json or as_csv:
        _say_plain(found, as_json=as_json)
    elif not found.responses:
        click.echo(f"No lead was handed to sales in {found.period}.")
    else:
        say_table(RESPONSE, map(_response, found.responses))


@report.command()
@period_option
@csv_option
@json_option
def fairness(period: str | None, as_csv: bool, as_json: bool) -> None:
    """What each rep had of the team's leads in a month, against their share."""
    with opened() as database, database.read() as tx:
        playbook = in_force(tx)
        month = period_of(playbook, period, now())
        if month.per != "month":
            raise PeriodError(f"shares are counted by month, and {month.name} is a {month.per}; write one as 2026-11")
        found = fairness_report(tx, playbook, month.name)
    if as_json or as_csv:
        _say_plain(found, as_json=as_json)
        return
    rows = (
        (row.team, row.rep, row.weight, row.assigned, row.passed_on, row.credit, row.due, row.deviation)
        for row in found.reps
    )
    say_table(("team", "rep", "weight", "assigned", "passed on to", "credit", "due", "deviation"), rows)
    click.echo(f"\nLargest deviation: {found.largest_deviation:.2f} leads")


@report.command()
@period_option
@csv_option
@json_option
def campaigns(period: str | None, as_csv: bool, as_json: bool) -> None:
    """What campaigns brought and what sales made of it, what is ahead, whom marketing won, and whom to aim at next."""
    at = now()
    with opened() as database, database.read() as tx:
        served = read_served(tx)
        playbook = served.playbook.playbook
        found = campaigns_report(tx, playbook, served.scorecard, period_of(playbook, period, at), at)
    if as_json or as_csv:
        _say_plain(found, as_json=as_json)
    else:
        say_campaigns(found)


def _say_plain(found: Report, *, as_json: bool) -> None:
    click.echo(report_document(found) if as_json else report_csv(found).rstrip("\n"))


def in_force(tx: Transaction) -> Playbook:
    """The playbook in force. Raises: NotReadyError without one."""
    return read_active_playbook(tx).playbook


def period_of(playbook: Playbook, name: str | None, at: datetime) -> Stretch:
    """The period of a name, in the agreement's time zone; this month without one. Raises: PeriodError."""
    timezone = playbook.agreement.timezone
    return stretch_of(at, "month", timezone) if name is None else named_stretch(name, timezone)


PROMISE = ("who", "promise", "leads", "period", "so far", "expected (9 of 10 times)", "likely", "how it stands")
QUOTA = ("team", "period", "quota", "deals", "leads needed", "will come", "reps can take", "if all of one grade")
RESPONSE = (
    *("by", "which", "handed", "in time", "late", "open", "share"),
    *("until a rep had it", "p90", "working time to contact", "p90", "all time to contact", "p90"),
)


def _say_promises(found: AgreementReport) -> None:
    if not found.marketing and not found.sales:
        click.echo("The playbook has no agreement; add `agreement:` to it, and both sides are measured.")
        return
    say_table(PROMISE, [*map(_delivered, found.marketing), *map(_done, found.sales)])


def _delivered(one: Delivered) -> tuple[object, ...]:
    return (
        *("marketing", f"deliver {one.promised:,}", one.of, one.period.name, f"{one.delivered:,}"),
        *(_expected(one.projection, "{:,.0f}"), f"{one.projection.likely:.0%}", one.text),
    )


def _done(one: Done) -> tuple[object, ...]:
    share = "" if one.share is None else f"{one.share:.1%} "
    so_far = f"{share}({one.kept} of {one.kept + one.broken}, {one.open} open)"
    return (
        *("sales", f"{one.duty} {one.promised:.0%}", one.of, one.period.name, so_far),
        *(_expected(one.projection, "{:.1%}"), f"{one.projection.likely:.0%}", one.text),
    )


def _expected(projection: Projection, form: str) -> str:
    value, low, high = (form.format(one) for one in (projection.value, projection.low, projection.high))
    return value if low == high else f"{value} ({low} to {high})"


def _misses(found: AgreementReport) -> Iterator[str]:
    """What drives the misses, a line each, under a heading where there is any."""
    missed = [
        *((f"deliver {one.promised:,} of {one.of}", one.drivers) for one in found.marketing if one.state in BAD),
        *((f"{one.duty} {one.promised:.0%}, {one.of}", one.drivers) for one in found.sales if one.state in BAD),
    ]
    if missed:
        yield "\nWhat drives the misses"
    for promise, drivers in missed:
        yield f"  {promise}" + ("" if drivers else ": nothing stands out by more than chance")
        yield from (f"    {driver.text}" for driver in drivers)


def _quota(need: Need) -> tuple[object, ...]:
    takes = "no limit" if need.takes is None else f"{need.takes:,}"
    grades = ", ".join(f"{grade} {leads:,.0f}" for grade, leads in need.by_grade.items())
    deals = f"{need.wins:,.1f} of {need.deal_size:,.0f}"
    if need.observed_deal_size is not None:
        deals += f" (won ones: {need.observed_deal_size:,.0f})"
    by_campaigns = sum(need.campaigns.values())
    come = f"{need.comes:,.0f}" + (f" ({by_campaigns:,.0f} by campaigns)" if by_campaigns >= 0.5 else "")
    return (need.team, need.period.name, f"{need.revenue:,.0f}", deals, _leads_needed(need), come, takes, grades)


def _leads_needed(need: Need) -> str:
    if need.leads_low is None:
        return "no outcome yet"
    if need.leads is None or need.leads_high is None:
        return f"nothing won yet; at least {need.leads_low:,.0f}"
    told = f"{need.leads:,.0f} ({need.leads_low:,.0f} to {need.leads_high:,.0f})"
    return told if need.leads_observed is None else f"{told}, {need.leads_observed:,.0f} at the size of won ones"


def _response(row: Response) -> tuple[object, ...]:
    share = "" if row.share is None else f"{row.share:.1%}"
    delays = (cell for delay in (row.system, row.working, row.waited) for cell in _delay(delay))
    return (row.by, row.value, row.handed, row.in_time, row.late, row.open, share, *delays)


def _delay(delay: Delay | None) -> tuple[str, str]:
    return ("", "") if delay is None else (written_span(delay.median), written_span(delay.p90))
