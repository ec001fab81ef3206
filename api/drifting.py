"""Drift measured on what is kept: live leads and known outcomes, beside a version's training population."""

from datetime import datetime, timedelta

from api.comparing import declared_attributes, outcomes_since
from api.errors import NotReadyError
from api.serving import NO_MODEL
from models.drift import Drift, Returned, drift_document, drift_of
from scoring.facts import facts_of
from store.database import Database, Transaction
from store.drifts import Measured, keep_drift, last_drift, live_leads
from store.models import champion, champion_name

USUAL = timedelta(days=30)
EVERY = timedelta(hours=1)
MOST_LEADS = 10_000


def measured_drift(tx: Transaction, since: datetime) -> Drift:
    """How far the leads since then have drifted from what the version that serves was trained on.

    Probabilities are held against every outcome of a lead that was decided after the version was trained.
    Raises: NotReadyError while no version serves.
    """
    serving = champion(tx)
    if serving is None:
        raise NotReadyError(NO_MODEL)
    declared = declared_attributes(tx) or {}
    known = outcomes_since(tx, serving.created_at, most=MOST_LEADS)
    return drift_of(
        serving,
        [facts_of(lead, declared) for lead in live_leads(tx, since=since, most=MOST_LEADS)],
        [Returned(facts=facts_of(each.lead, declared), won=each.won) for each in known],
    )


def drift_once(database: Database, now: datetime) -> Drift | None:
    """The drift of the last 30 days, measured and kept; None where that was done within the hour, or nothing serves."""
    with database.read() as tx:
        name = champion_name(tx)
        last = None if name is None else last_drift(tx, name)
        if name is None or (last is not None and now - last.at < EVERY):
            return None
        drift = measured_drift(tx, now - USUAL)
    with database.begin() as tx:
        keep_drift(tx, Measured(name=drift.version, at=now, document=drift_document(drift)))
    return drift
