"""What reports cost beside a year of leads: processor time of the process that asks, on SQLite and on PostgreSQL.

`python -m bench.reports [LEADS]`. The store is filled with sample leads of a year whose decisions the sample playbook
takes, and with what sales made of each (bench/year.py); campaigns run and are planned. Each report is made for the
present month, and told by its fastest of three times.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from api.serving import Served
from bench.databases import database_url
from bench.year import NOW, fill
from routing.campaigns import Campaign
from routing.periods import stretch_of
from store.campaigns import plan_campaign
from store.database import Database, connect
from store.ids import new_id
from store.reports.agreement import agreement_report
from store.reports.campaigns import campaigns_report
from store.reports.fairness import fairness_report
from store.reports.sla import sla_report

LEADS, TIMES = 100_000, 3
PLANNED = (
    ("brand-search", date(2026, 11, 16), date(2026, 11, 30), 400),
    ("autumn-social", date(2026, 10, 5), date(2026, 10, 30), 900),
    ("planning-webinar", date(2026, 12, 1), date(2026, 12, 14), 600),
)


def main(count: int) -> None:
    """Say what each report costs on each database."""
    for kind in ("SQLite", "PostgreSQL"):
        with (
            tempfile.TemporaryDirectory() as folder,
            database_url(kind, Path(folder)) as url,
            closing(connect(url)) as database,
        ):
            served = fill(database, count)
            plan(database)
            for name, report in reports(served).items():
                sys.stdout.write(f"{kind}, {count:,} leads: {name} {_costs(database, report)}\n")
                sys.stdout.flush()


def plan(database: Database) -> None:
    """Plans a campaign that runs, one that is over, and one to come."""
    with database.begin() as tx:
        for name, start, end, expected in PLANNED:
            campaign = Campaign(
                id=new_id(NOW),
                name=name,
                starts_on=start,
                ends_on=end,
                expected_leads=expected,
                author="bench",
                planned_at=NOW,
            )
            plan_campaign(tx, campaign, "UTC")


def reports(served: Served) -> Mapping[str, Callable[[Any], object]]:
    """The reports, by what is said of them; each takes a transaction."""
    book = served.playbook.playbook
    month = stretch_of(NOW, "month", book.agreement.timezone)
    return {
        "agreement": lambda tx: agreement_report(tx, book, month, NOW),
        "sla": lambda tx: sla_report(tx, book, month),
        "sla, quarter": lambda tx: sla_report(tx, book, stretch_of(NOW, "quarter", month.timezone)),
        "fairness": lambda tx: fairness_report(tx, book, month.name),
        "campaigns": lambda tx: campaigns_report(tx, book, served.scorecard, month, NOW),
    }


def _costs(database: Database, report: Callable[[Any], object]) -> str:
    """What a report costs: this process's processor time, and how long it is waited for."""
    took = []
    for _ in range(TIMES):
        wall, cpu = time.perf_counter(), time.process_time()
        with database.read() as tx:
            report(tx)
        took.append((time.process_time() - cpu, time.perf_counter() - wall))
    cpu, wall = map(min, zip(*took, strict=True))
    return f"{cpu:.2f} s of processor time, {wall:.2f} s in all"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else LEADS)
