"""How a line on fit treats the groups of a column: who is selected, who of the converting is, and how honest it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.card import GroupCard
from training.thresholds import share_interval

# A group with fewer leads, or fewer converted ones, says little.
FEW_LEADS = 50
FEW_CONVERTED = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Treatment:
    """A group of held-out leads under a line on fit.

    `selection_rate` of them stand above the line, and `tpr` of those who converted; `precision` of the selected
    converted (None where none is selected). `promised` is the mean probability of all of them, `observed` how many
    converted. `small` groups say little.
    """

    group: str
    leads: int
    converted: int
    selection_rate: float
    selection_interval: tuple[float, float]
    tpr: float | None
    precision: float | None
    promised: float
    observed: float
    small: bool


def treatments(groups: Sequence[GroupCard], fit: int) -> tuple[Treatment, ...]:
    """Each group under the line at a fit, in the order given."""
    return tuple(_treatment(group, fit) for group in groups)


def _treatment(group: GroupCard, fit: int) -> Treatment:
    leads, converted = group.all.leads, group.all.converted
    selected, won = group.curve.leads[fit], group.curve.converted[fit]
    return Treatment(
        group=group.name,
        leads=leads,
        converted=converted,
        selection_rate=selected / leads if leads else 0.0,
        selection_interval=share_interval(selected, leads),
        tpr=won / converted if converted else None,
        precision=won / selected if selected else None,
        promised=group.all.probability,
        observed=converted / leads if leads else 0.0,
        small=leads < FEW_LEADS or converted < FEW_CONVERTED,
    )
