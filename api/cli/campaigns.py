"""`leadline campaigns`: what marketing plans, so that sales is told before it starts."""

from dataclasses import replace
from datetime import datetime

import click

from api.campaign_documents import campaign_document
from api.cli.house import RefusedError, json_option, opened, say_json, say_table
from api.cli.report import in_force
from api.parse_campaign import keep_campaign, parse_campaign
from routing.periods import day_in
from store.campaigns import cancel_campaign, find_campaign, list_campaigns
from store.sweep import database_time

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def campaigns() -> None:
    """Plan campaigns, end them, cancel them, list them."""


@campaigns.command("list")
@json_option
def list_all(as_json: bool) -> None:
    """List the campaigns, the one that starts last first."""
    with opened() as database, database.read() as tx:
        today = day_in(database_time(tx), in_force(tx).agreement.timezone)
        found = list_campaigns(tx)
    if as_json:
        say_json([campaign_document(each, today) for each in found])
        return
    columns = ("name", "state", "from", "to", "expected leads", "deadline", "utm_campaign")
    rows = (
        (
            *(each.name, each.state(today), each.starts_on, each.ends_on, each.expected_leads),
            *("yes" if each.deadline else "", each.utm_campaign),
        )
        for each in found
    )
    say_table(columns, rows)


@campaigns.command()
@click.argument("name")
@click.option("--from", "start", type=DAY, required=True, help="First day, in the agreement's time zone.")
@click.option("--to", "end", type=DAY, required=True, help="Last day.")
@click.option("--leads", type=click.IntRange(0), required=True, help="How many leads it is to bring in all.")
@click.option("--deadline", is_flag=True, help="People come late, for a deadline.")
@click.option("--utm", help="Its utm_campaign; the name when left out.")
@click.option("--about", help="What sales is to know of it.")
@json_option
def plan(
    name: str,
    start: datetime,
    end: datetime,
    leads: int,
    deadline: bool,
    utm: str | None,
    about: str | None,
    as_json: bool,
) -> None:
    """Plan the campaign of a NAME, or change it; sales is told two days before it starts."""
    said = {
        "name": name,
        "starts_on": f"{start:%Y-%m-%d}",
        "ends_on": f"{end:%Y-%m-%d}",
        "expected_leads": leads,
        "deadline": deadline,
        "utm_campaign": utm,
        "about": about,
    }
    with opened() as database, database.begin() as tx:
        campaign = parse_campaign(said, by="command line", now=database_time(tx))
        timezone = in_force(tx).agreement.timezone
        kept, new = keep_campaign(tx, campaign, timezone)
    if as_json:
        say_json(campaign_document(kept, day_in(campaign.planned_at, timezone)))
    else:
        click.echo(f"{kept.name} is {'planned' if new else 'changed'}: {kept.starts_on} to {kept.ends_on}.")


@campaigns.command("end")
@click.argument("name")
@click.option("--on", "last", type=DAY, help="Its last day, in the agreement's time zone. Default: today.")
@json_option
def end_early(name: str, last: datetime | None, as_json: bool) -> None:
    """End the campaign of a NAME earlier, or later, than was planned; sales is told."""
    with opened() as database, database.begin() as tx:
        at, timezone = database_time(tx), in_force(tx).agreement.timezone
        planned, day = find_campaign(tx, name), day_in(at, timezone) if last is None else last.date()
        if planned.cancelled_at is not None:
            raise RefusedError(f"{planned.name} is cancelled; `leadline campaigns plan` plans it anew")
        if day < planned.starts_on:
            raise RefusedError(f"{planned.name} starts on {planned.starts_on} and cannot end on {day}")
        kept, _ = keep_campaign(tx, replace(planned, ends_on=day, author="command line", planned_at=at), timezone)
    if as_json:
        say_json(campaign_document(kept, day_in(at, timezone)))
    else:
        click.echo(f"{kept.name} ends on {kept.ends_on}.")


@campaigns.command()
@click.argument("name")
@json_option
def cancel(name: str, as_json: bool) -> None:
    """Cancel the campaign of a NAME, which has brought no lead; sales hears of it where it was told before."""
    with opened() as database, database.begin() as tx:
        at, timezone = database_time(tx), in_force(tx).agreement.timezone
        found = cancel_campaign(tx, find_campaign(tx, name), timezone, by="command line", now=at)
    if as_json:
        say_json(campaign_document(found, day_in(at, timezone)))
    else:
        click.echo(f"{found.name} is cancelled.")
