"""Who is who: the kept lead that a sent one belongs to, and the identity a lead may bear."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, or_, select

from scoring.lead import Lead
from store.database import Transaction
from store.rows import find
from store.tables import leads

IDENTITY = ("email", "phone", "external_id")

BEARERS = (
    select(leads)
    .where(or_(*(leads.c[name] == bindparam(name) for name in IDENTITY)))
    .order_by(leads.c.id)
    .with_for_update()
)
COMPANIES = select(leads.c.id, leads.c.company_domain).where(leads.c.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Whom a sent lead belongs to: their row if known, what identifies them from now on, and what cannot.

    `notes` has a sentence for each identifying value that stays with another lead.
    """

    row: Row[Any] | None
    identity: Mapping[str, str]
    notes: tuple[str, ...]


def person_of(tx: Transaction, lead: Lead) -> Person:
    """Returns whom a sent lead belongs to, and keeps others from saying the same of its identity meanwhile.

    The same person has the same e-mail address, else the same phone, else the same external id. A phone that
    people with two e-mail addresses gave is a switchboard, so it does not make them one.
    """
    sent = identity_of(lead)
    if not sent:
        raise ValueError(f"a lead needs one of {', '.join(IDENTITY)}")
    bearers = _bearers(tx, sent)
    row = _chosen(bearers, lead)
    taken = {name: other.id for name, other in bearers.items() if row is None or other.id != row.id}
    return Person(
        row=row,
        identity={name: value for name, value in sent.items() if name not in taken},
        notes=tuple(f"{name} {sent[name]} identifies lead {other} and stays with it" for name, other in taken.items()),
    )


def identity_of(lead: Lead) -> dict[str, str]:
    """Returns what a lead can be recognised by."""
    return {name: getattr(lead, name) for name in IDENTITY if getattr(lead, name) is not None}


def companies_of(tx: Transaction, lead_ids: Sequence[str]) -> Mapping[str, str | None]:
    """Returns the domain of each lead's company; None for a lead that has none."""
    return {row.id: row.company_domain for row in tx.execute(COMPANIES, {"ids": lead_ids})}


def is_same(lead: Lead, identity: Mapping[str, str]) -> bool:
    """Returns whether a sent lead would belong to a person who bears an identity, were nobody else known."""
    alike = {name for name, value in identity_of(lead).items() if identity.get(name) == value}
    shared_phone = None not in (lead.email, identity.get("email"))
    return bool(alike - {"phone"} if shared_phone else alike)


def lock_names(identity: Mapping[str, str]) -> list[str]:
    """Returns the locks to hold before saying who bears these."""
    return [f"{name} {value}" for name, value in identity.items()]


def _bearers(tx: Transaction, sent: Mapping[str, str]) -> dict[str, Row[Any]]:
    """Returns, by identifying field, the row that already bears the sent value; locks values and rows in one order."""
    rows = find(tx, BEARERS, holding=lock_names(sent), **{name: sent.get(name) for name in IDENTITY})
    return {name: row for name, value in sent.items() for row in rows if getattr(row, name) == value}


def _chosen(bearers: Mapping[str, Row[Any]], lead: Lead) -> Row[Any] | None:
    """Returns the bearer whose identity counts most."""
    shared_phone = "phone" in bearers and None not in (lead.email, bearers["phone"].email)
    order = ("email", "external_id") if shared_phone else IDENTITY
    return next((bearers[name] for name in order if name in bearers), None)
