"""What is to be done every night: all leads are scored again, and what was kept for a while goes."""

from datetime import datetime, time, timedelta

from store.database import Transaction
from store.jobs import add_job_once
from store.rejects import forget_rejects

NIGHT = timedelta(days=1)
NIGHTS_HOUR = time(2)
NIGHTLY = f"0 {NIGHTS_HOUR.hour} * * *"


def last_night(now: datetime) -> datetime:
    """The last instant of the nightly schedule."""
    tonight = datetime.combine(now.date(), NIGHTS_HOUR, tzinfo=now.tzinfo)
    return tonight if tonight <= now else tonight - NIGHT


def begin_night(tx: Transaction, night: datetime, now: datetime) -> None:
    """Asks for all leads to be scored again, and lets old rejects go; not for a night that another has followed."""
    if now - night < NIGHT:
        forget_rejects(tx, now)
        add_job_once(tx, "rescore", f"rescore {night:%Y-%m-%d}", asked_by="schedule", now=now)
