"""Several leads in one transaction."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from rules.playbook import Playbook
from scoring.lead import Lead
from store.database import Transaction
from store.locks import hold
from store.people import IDENTITY, identity_of, lock_names
from store.shares import team_lock
from store.tables import leads


def hold_batch(tx: Transaction, batch: Sequence[Lead], playbook: Playbook) -> None:
    """Waits for everything that merging and recording these leads may lock, before the first of them.

    Needed when one transaction takes in more than one lead, at most some hundreds: lead by lead, it would hold a team
    while it waits for a person whom another transaction holds while it waits for the team.
    """
    identities = [identity_of(lead) for lead in batch]
    hold(tx, *(name for identity in identities for name in lock_names(identity)))
    sent = {name: [identity[name] for identity in identities if name in identity] for name in IDENTITY}
    rows = or_(*(leads.c[name].in_(values) for name, values in sent.items()))
    tx.execute(select(leads.c.id).where(rows).order_by(leads.c.id).with_for_update())
    hold(tx, *(team_lock(team) for team in playbook.teams))
