"""The report on the SLAs: how fast the leads of a period were answered."""

from dataclasses import dataclass

from routing.periods import Stretch
from routing.response import Response, responses
from rules.playbook import Playbook
from store.database import Transaction
from store.handings import handings


@dataclass(frozen=True, kw_only=True, slots=True)
class SlaReport:
    """How the leads that were handed to sales in a period were answered."""

    period: str
    responses: tuple[Response, ...]


def sla_report(tx: Transaction, playbook: Playbook, period: Stretch) -> SlaReport:
    """Returns how the leads of a period were answered."""
    read = handings(tx, period.start, period.end, playbook.attributes)
    return SlaReport(period=period.name, responses=responses(read))
