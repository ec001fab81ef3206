"""Rows kept with versions of tests, as training keeps them."""

import random
from collections.abc import Mapping
from math import exp
from pathlib import Path

from models.heldout import HeldOutRow, keep_held_out
from tests.builders import facts


def keep_rows(home: Path, noises: Mapping[str, float], rows: int = 600) -> None:
    """Keeps rows with each version, which said of them what is true, with so much noise."""
    truth = [random.Random(number).gauss(0, 1.5) for number in range(rows)]
    won = [random.Random(-number - 1).random() < 1 / (1 + exp(-each)) for number, each in enumerate(truth)]
    for name, noise in noises.items():
        chance = random.Random(name)
        said = [each + noise * chance.gauss(0, 1) for each in truth]
        kept = (_row(number, won[number], each) for number, each in enumerate(said))
        keep_held_out(home / "models", name, kept)


def _row(number: int, won: bool, said: float) -> HeldOutRow:
    return HeldOutRow(
        row=number,
        facts=facts(employees=number),
        label=won,
        group=number,
        order=None,
        tested=True,
        log_odds=said,
        probability=1 / (1 + exp(-said)),
    )
