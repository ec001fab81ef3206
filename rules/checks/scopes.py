"""Checks on teams and the agreement: what they ask for must be able to happen, and be measurable."""

from collections.abc import Mapping

from rules.checks.domains import Domains
from rules.checks.never import check_condition
from rules.playbook import Agreement, Commitment, Duty, Sla, Team
from rules.reading import Place, Reading
from rules.sections import Record

# What says in an SLA by when a duty is done; every SLA has `respond_within`.
_TIMED: Mapping[Duty, str] = {"attempt": "attempts", "accept": "accept_within"}


def check_scopes(record: Record, domains: Domains, reading: Reading) -> None:
    """Note what no lead can fulfil among reps' `accepts` and the deliveries' `of`, and promises nothing measures."""
    teams: dict[str, Team] = record["teams"] or {}
    agreement: Agreement = record["agreement"] or Agreement()
    accepted = [rep.accepts for team in teams.values() for rep in team.reps]
    for condition in (*accepted, *(delivery.of for delivery in agreement.marketing)):
        if condition is not None:
            check_condition(condition, domains, reading)
    for commitment in agreement.sales:
        _check_measurable(commitment, record["slas"] or {}, reading)


def _check_measurable(commitment: Commitment, slas: Mapping[str, Sla], reading: Reading) -> None:
    """Note a promise about leads whose SLAs do not say by when it is to be done."""
    key = _TIMED.get(commitment.duty)
    if key is None:
        return
    untimed = [name for name, sla in slas.items() if getattr(sla, key) is None]
    blamed = [name for name in commitment.slas if name in untimed]
    if not commitment.slas and untimed and len(untimed) == len(slas):
        blamed = untimed
    if blamed:
        message = f"'{commitment.duty}' cannot be measured: SLA '{blamed[0]}' has no '{key}'"
        place = Place(line=commitment.line, column=commitment.column)
        reading.note(place, "no-measure", message, f"add `{key}` to the SLA")
