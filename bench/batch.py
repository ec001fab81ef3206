"""How many leads a second one core scores in bulk, file to file with reasons, against each alone: in turns, one run."""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from api.batch.decide import decide_all
from api.batch.recipe import ROWS_A_CHUNK, Recipe
from api.batch.run import Job, forget, score_file
from routing.decide import decide
from routing.document import decision_document
from rules.compile import Compiled, compile_playbook
from rules.read import read_playbook
from rules.sample import sample_playbook
from scoring.scorecard import Scorecard
from training.dataset import dataset
from training.plan import Plan
from training.read import open_leads, read_table
from training.rows import lead_of_row
from training.sample import sample_csv, sample_rows
from training.table import Stretch
from training.train import train

LEADS = 6_000
ROUNDS = 5
# Leads scored alone in a turn: they take long, and many of them tell no more.
ALONE = 300
NOW = datetime(2026, 1, 1, tzinfo=UTC)
REAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "x_education" / "Leads.csv"
KNOWN_TOO_LATE = (
    *("Prospect ID", "Lead Number", "Tags", "Lead Quality", "Lead Profile", "Last Activity", "Last Notable Activity"),
    *(f"Asymmetrique {what}" for what in ("Activity Index", "Profile Index", "Activity Score", "Profile Score")),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """A file, cut into a stretch too, and what it is scored with."""

    path: Path
    stretch: Stretch
    recipe: Recipe
    playbook: Compiled


def main() -> None:
    """Measure on sample leads, and on X Education where it stands beside the project."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "sample.csv")
        path.write_text(sample_csv(sample_rows(LEADS, 1)))
        _show("Sample leads", _work(path, "converted", ()), Path(folder))
        if REAL.exists():
            _show("X Education", _work(REAL, "Converted", KNOWN_TOO_LATE), Path(folder))
        else:
            sys.stdout.write(f"X Education is not measured: {REAL} is not there\n")


def _work(path: Path, label: str, drop: tuple[str, ...]) -> Work:
    data = dataset(read_table(path), label=label, drop=drop, now=NOW)
    plan = Plan(seed=1, search="none", jobs=1)
    trained = train(data, version="bench", now=NOW, plan=plan, progress=lambda what, done: None)
    text = sample_playbook()
    return Work(
        path=path,
        stretch=next(open_leads(path).chunks(LEADS)).read(),
        recipe=_recipe(trained.version.scorecard, text),
        playbook=compile_playbook(read_playbook(text, number=1)),
    )


def _recipe(scorecard: Scorecard, text: str) -> Recipe:
    return Recipe(scorecard=scorecard, playbook=text, number=1, now=NOW, kind="csv", rows=ROWS_A_CHUNK)


def _show(name: str, work: Work, folder: Path) -> None:
    ways: Mapping[str, Callable[[], int]] = {
        "file to file, reasons written": lambda: _file_to_file(work, folder),
        "decided in bulk, reasons as JSON": lambda: _in_bulk(work),
        "decided one by one": lambda: _one_by_one(work),
    }
    rates: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(ROUNDS):
        for way, score in ways.items():
            start = time.process_time()
            leads = score()
            rates[way].append(leads / (time.process_time() - start))
    medians = {way: statistics.median(each) for way, each in rates.items()}
    alone = medians["decided one by one"]
    features = len(work.recipe.scorecard.features)
    lines = [f"{name}, {features} attributes: leads a second of one core's time, median of {ROUNDS} turns"]
    lines += [f"  {way:<34}{rate:>10,.0f}{rate / alone:>8.1f} x" for way, rate in medians.items()]
    sys.stdout.write("\n".join(lines) + "\n")


def _file_to_file(work: Work, folder: Path) -> int:
    job = Job(file=open_leads(work.path), out=folder / "out.csv", rejects=folder / "rejects.csv")
    counts = score_file(job, work.recipe, jobs=1, advance=lambda weight, leads: None)
    forget(job)
    return counts.scored


def _in_bulk(work: Work) -> int:
    return len(decide_all(work.stretch, work.recipe.scorecard, work.playbook, NOW).score)


def _one_by_one(work: Work) -> int:
    for row in range(ALONE):
        lead = lead_of_row({name: cells[row] for name, cells in work.stretch.cells.items()}, NOW).lead
        decision_document(decide(lead, (), work.recipe.scorecard, work.playbook, NOW))
    return ALONE


if __name__ == "__main__":
    main()
