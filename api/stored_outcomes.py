"""The stored outcomes as examples to learn from: the loop that sales closes."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import orjson

from rules.compile import Compiled
from rules.spans import span_text
from scoring.attributes import STANDARD
from store.database import Transaction
from store.lead_json import lead_to_json
from store.outcomes import Outcome, Outcomes, outcomes
from training.examples import DROPPED, Examples, check_name
from training.table import DataError

LABEL = "won"


def stored_examples(
    tx: Transaction, playbook: Compiled, *, mature: timedelta, drop: Sequence[str] = (), now: datetime
) -> Examples:
    """The leads that sales had at least so long ago, as they were when they were decided, with what became of them.

    Raises: DataError when there are none, or none has an attribute that is to be dropped.
    """
    found = outcomes(tx, before=now - mature, reject_reasons=playbook.playbook.reject_reasons)
    if not found.known:
        raise DataError(f"no lead that sales got at least {span_text(mature)} ago has an outcome; {_left_out(found)}")
    leads = [outcome.lead for outcome in found.known]
    further = dict.fromkeys(name for lead in leads for name in lead.attributes)
    names = [*STANDARD, *further]
    for name in drop:
        check_name(name, names, "a stored lead")
    return Examples(
        leads=leads,
        converted=np.array([outcome.won for outcome in found.known], dtype=np.bool_),
        names=[name for name in names if name not in drop],
        dated=True,
        label=LABEL,
        checksum=_checksum(found.known),
        groups=[outcome.lead_id for outcome in found.known] if _repeats(found.known) else None,
        times=np.array([outcome.decided_at.timestamp() for outcome in found.known], dtype=np.float64),
        instants=True,
        aside=dict.fromkeys(drop, DROPPED),
        warnings=[_left_out(found)] if found.young or found.open else [],
    )


def _left_out(found: Outcomes) -> str:
    return f"left out: {found.young} leads too young to be judged, {found.open} without an outcome from sales"


def _repeats(known: tuple[Outcome, ...]) -> bool:
    """Whether a lead came to sales more than once, so that its rows must stay together."""
    return len({outcome.lead_id for outcome in known}) < len(known)


def _checksum(known: tuple[Outcome, ...]) -> str:
    digest = hashlib.sha256()
    for outcome in known:
        digest.update(orjson.dumps([outcome.lead_id, outcome.won, lead_to_json(outcome.lead)]))
    return digest.hexdigest()
