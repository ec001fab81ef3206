"""What a training run came to, for people and for programs."""

from collections.abc import Iterator, Sequence

from models.card import FAMILIES, METRICS
from models.version import ModelVersion
from training.families import family_of

TITLES = ("ROC-AUC", "PR-AUC", "log loss", "Brier", "top-10% lift", "calibration error")
# The text stops after so many columns that train; the card keeps all.
SHOWN = 30


def report_json(version: ModelVersion) -> dict[str, object]:
    """The report as `train --json` prints it."""
    card = version.card
    return {
        "version": version.name,
        "rows": card.rows,
        "positives": card.positives,
        "split": card.split,
        "metrics": {family: dict(card.metrics[family]) for family in FAMILIES},
        "scorecard": {"max_difference": card.max_difference, "tables": card.tables},
        "leakage": [{"column": column, "evidence": evidence} for column, evidence in card.leakage],
        "warnings": list(card.warnings),
    }


def report_text(version: ModelVersion) -> str:
    """The report as people read it, ending with a newline."""
    sections = (
        _head(version),
        _metrics(version),
        _columns(version),
        _left_out(version),
        _doubts(version),
        _scorecard(version),
    )
    return "\n\n".join("\n".join(lines) for section in sections if (lines := list(section))) + "\n"


def _head(version: ModelVersion) -> Iterator[str]:
    card = version.card
    yield f"Version {version.name} ({version.state})"
    yield f"{card.rows:,} leads, {card.positives:,} of them converted ({card.positives / card.rows:.1%})"
    yield f"Held out: {card.split}"


def _metrics(version: ModelVersion) -> Iterator[str]:
    names = [f"{name}: {family_of(name, version.card.served).about}" for name in FAMILIES]
    rows = [[f"{version.card.metrics[name][metric]:.3f}" for metric in METRICS] for name in FAMILIES]
    yield from _aligned(
        [["On held-out leads", *TITLES], *([name, *row] for name, row in zip(names, rows, strict=True))]
    )


def _columns(version: ModelVersion) -> Iterator[str]:
    card = version.card
    strength = dict(card.strongest)
    ranked = sorted(card.columns, key=lambda column: -strength.get(column.name, 0.0))
    rows = [
        [
            column.name,
            f"{column.levels} levels" if column.kind == "category" else "number",
            f"{strength.get(column.name, 0.0):.3f}",
        ]
        for column in ranked[:SHOWN]
    ]
    yield from _aligned([["Learned from", "", "mean effect (log-odds)"], *rows])
    if len(ranked) > SHOWN:
        yield f"  and {len(ranked) - SHOWN} weaker ones"


def _left_out(version: ModelVersion) -> Iterator[str]:
    if version.card.left_out:
        yield from _aligned(
            [["Left out", ""], *([name, why] for name, why in version.card.left_out.items())], right=False
        )


def _doubts(version: ModelVersion) -> Iterator[str]:
    if version.card.leakage:
        rows = [[column, evidence] for column, evidence in version.card.leakage]
        yield from _aligned([["Do these know the outcome?", ""], *rows], right=False)
        yield "  A column filled after the outcome makes a model that fails when it serves: leave it out with --drop."
    for warning in version.card.warnings:
        yield f"Warning: {warning}"


def _scorecard(version: ModelVersion) -> Iterator[str]:
    card, scorecard = version.card, version.scorecard
    yield (
        f"Scorecard: {card.tables} tables (columns: {len(scorecard.features)}, pairs: {len(scorecard.pairs)}), "
        f"{scorecard.calibration.kind} calibration; "
        f"differs from its models by at most {card.max_difference:.1e} log-odds"
    )
    libraries = ", ".join(f"{name} {number}" for name, number in card.libraries.items())
    yield f"Seed {card.seed}, data {card.checksum[:12]}, {libraries}"


def _aligned(rows: Sequence[Sequence[str]], *, right: bool = True) -> Iterator[str]:
    """The rows as a table under its heading; all but the first column to the right, or to the left."""
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    for number, row in enumerate(rows):
        rest = [cell.rjust(width) if right else cell for cell, width in zip(row[1:], widths[1:], strict=True)]
        yield "  ".join([("  " if number else "") + row[0].ljust(widths[0] + (0 if number else 2)), *rest]).rstrip()
