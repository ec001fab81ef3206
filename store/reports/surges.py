"""The days ahead on which campaigns bring a team more leads than its reps can take."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from routing.handing import Handing
from routing.outlook import Outlook
from routing.periods import Stretch, stretch_of
from routing.projection import LOOK_BACK, pace_of
from routing.surges import Surge, limited, surges_of
from rules.playbook import Playbook
from store.absences import absences_within
from store.database import Transaction

AHEAD = timedelta(days=28)
DAY = timedelta(days=1)

# What comes on each day: anyway, and by each campaign.
Coming = tuple[Mapping[date, float], Mapping[str, Mapping[date, float]]]


def surges_ahead(
    tx: Transaction, playbook: Playbook, outlook: Outlook, handed: Sequence[Handing], timezone: str, now: datetime
) -> tuple[tuple[Surge, ...], tuple[str, ...]]:
    """Returns the days of the next four weeks on which campaigns bring a team more than it can take.

    Beside them stand the teams to which campaigns bring leads and of which nobody knows how many they can take.
    `handed` are the leads of the last eight weeks at least.
    """
    week, away = stretch_of(now, "week", timezone), absences_within(tx, now, now + AHEAD)
    found: list[Surge] = []
    untold = []
    for team in playbook.teams.values():
        its = [one for one in handed if one.team == team.name and now - LOOK_BACK <= one.handed_at < now]
        usual, campaigns = _coming(its, outlook, week, now)
        able = limited(team, its, timezone)
        if able is not None:
            unlimited = tuple(rep.name for rep in team.reps if rep.capacity is None)
            its_surges = surges_of(able, playbook.calendars, usual, campaigns, away, timezone)
            found += (replace(one, unlimited=unlimited) for one in its_surges if one.campaigns)
        elif any(leads >= 1 for by_day in campaigns.values() for leads in by_day.values()):
            untold.append(team.name)
    return tuple(sorted(found, key=lambda one: (one.day, one.team))), tuple(untold)


def _coming(its: Sequence[Handing], outlook: Outlook, week: Stretch, now: datetime) -> Coming:
    """Returns what comes to a team that got these leads lately."""
    today = week.day_of(now)
    days = [today + step * DAY for step in range(AHEAD.days)]
    if not its:
        return dict.fromkeys(days, 0.0), {}
    anyway, told = [one.handed_at for one in its if one.campaign is None], Counter(one.campaign for one in its)
    pace = pace_of(anyway, week, now, first=its[0].handed_at)
    usual = {day: pace.rate * pace.weekdays[day.weekday()] if anyway else 0.0 for day in days}
    shares = {one.name: outlook.share(one, told).mean for one in outlook.campaigns}
    return usual, {
        one.name: {day: one.by_day.get(day, 0.0) * shares[one.name] for day in days} for one in outlook.campaigns
    }
