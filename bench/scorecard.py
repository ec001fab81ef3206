"""How much faster a scorecard answers for one lead than the models it was compiled from: one run, turn by turn."""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from scoring.scorecard import appraise
from training.dataset import dataset, matrix
from training.plan import Plan
from training.read import read_table
from training.sample import sample_csv, sample_rows
from training.train import train

LEADS = 6000
ROUNDS = 60
# Leads answered one by one in a turn: a server that answers leads has its tables at hand, as models have their trees.
LEADS_A_TURN = 10
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    """Train on sample leads, then print the time of one lead by each way of answering."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "leads.csv")
        path.write_text(sample_csv(sample_rows(LEADS, 1)))
        data = dataset(read_table(path), label="converted", drop=(), now=NOW)
    trained = train(data, version="bench", now=NOW, plan=Plan(seed=1, jobs=2), progress=lambda what, done: None)
    scorecard, features = trained.version.scorecard, matrix(data)
    members = cast(tuple[Any, ...], trained.estimators["members"])
    medians = _medians(
        {
            "scorecard, each reason included": lambda row: appraise(scorecard, data.facts[row]),
            f"predict_proba, bag of {len(members)}": lambda row: [
                member.predict_proba(features[row : row + 1]) for member in members
            ],
            "predict_proba, one of the bag": lambda row: members[0].predict_proba(features[row : row + 1]),
        }
    )
    _show(medians, f"{len(scorecard.features)} columns and {len(scorecard.pairs)} pairs")


def _medians(ways: Mapping[str, Callable[[int], object]]) -> dict[str, float]:
    """The median seconds a lead of each way, their turns taken one after the other so that noise meets all alike."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(ROUNDS):
        leads = range(turn * LEADS_A_TURN, (turn + 1) * LEADS_A_TURN)
        for name, answer in ways.items():
            start = time.perf_counter()
            for row in leads:
                answer(row)
            seconds[name].append((time.perf_counter() - start) / LEADS_A_TURN)
    return {name: statistics.median(each) for name, each in seconds.items()}


def _show(medians: Mapping[str, float], model: str) -> None:
    ours = next(iter(medians.values()))
    lines = [f"One lead, {model}: median of {ROUNDS} turns of {LEADS_A_TURN} leads, one at a time"]
    lines += [f"  {name:<34}{each * 1e6:>12,.1f} us{each / ours:>10,.0f} x" for name, each in medians.items()]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
