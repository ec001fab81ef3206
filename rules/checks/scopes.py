"""Checks on teams and the agreement: what reps accept and deliveries count must be able to happen."""

from rules.checks.domains import Domains
from rules.checks.never import check_condition
from rules.playbook import Agreement, Team
from rules.reading import Reading
from rules.sections import Record


def check_scopes(record: Record, domains: Domains, reading: Reading) -> None:
    """Note what no lead can fulfil among reps' `accepts` and the deliveries' `of`."""
    teams: dict[str, Team] = record["teams"] or {}
    agreement: Agreement = record["agreement"] or Agreement()
    accepted = [rep.accepts for team in teams.values() for rep in team.reps]
    for condition in (*accepted, *(delivery.of for delivery in agreement.marketing)):
        if condition is not None:
            check_condition(condition, domains, reading)
