"""What a training run came to, for people and for programs."""

from collections.abc import Iterator, Mapping, Sequence

from models.card import FAMILIES, METRICS, Count
from models.version import ModelVersion
from training.fairness import Treatment
from training.families import family_of
from training.thresholds import Threshold

TITLES = ("ROC-AUC", "PR-AUC", "log loss", "Brier", "top-10% lift", "calibration error")
# The text stops after so many columns that train, reasons and pairs; the card keeps more.
SHOWN = 30
REASONS = 10
PAIRS = 5


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
        _tenths(version),
        _lifts(version),
        _columns(version),
        _pairs(version),
        _reasons(version),
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
    card = version.card
    rows = [
        [
            title,
            *(_with_interval(card.metrics[name][metric], card.families[name].intervals[metric]) for name in FAMILIES),
        ]
        for title, metric in zip(TITLES, METRICS, strict=True)
    ]
    yield from _aligned([["On held-out leads (95 % interval)", *FAMILIES], *rows])
    yield ""
    for name in FAMILIES:
        yield f"  {name}: {family_of(name, card.served).about}; {card.families[name].setting}"
    yield from (f"  Only {'rising' if sign == '+' else 'falling'} with {name}" for name, sign in card.monotone.items())
    yield from (f"Note: {note}" for note in card.notes)


def _with_interval(value: float, ends: tuple[float, float]) -> str:
    return f"{value:.3f} ({ends[0]:.3f}-{ends[1]:.3f})"


def lifts_of(tenths: Sequence[Count]) -> list[tuple[float, float]]:
    """For each tenth, the best first: its lift, and the share (0..1) of all who convert captured down to here."""
    converted, leads = sum(each.converted for each in tenths), sum(each.leads for each in tenths)
    found, captured = [], 0
    for each in tenths:
        captured += each.converted
        lift = each.converted / max(each.leads, 1) * leads / max(converted, 1)
        found.append((lift, captured / max(converted, 1)))
    return found


def _tenths(version: ModelVersion) -> Iterator[str]:
    """The served family by tenths: what converted beside what was promised."""
    tenths = version.card.families["served"].tenths
    rows = [
        [f"{number}", str(each.leads), f"{each.converted / max(each.leads, 1):.1%}", f"{each.probability:.1%}"]
        for number, each in enumerate(tenths, start=1)
    ]
    yield from _aligned([["Tenth, best first", "leads", "converted", "promised"], *rows])


def _lifts(version: ModelVersion) -> Iterator[str]:
    """Every family by tenths: lift, and the share of all who convert that is captured down to here."""
    by_family = [lifts_of(version.card.families[name].tenths) for name in FAMILIES]
    rows = [
        [f"{number}", *(f"{lift:.2f} ({captured:.1%})" for lift, captured in each)]
        for number, each in enumerate(zip(*by_family, strict=True), start=1)
    ]
    yield from _aligned([["Lift (captured so far) by tenth", *FAMILIES], *rows])


def _reasons(version: ModelVersion) -> Iterator[str]:
    rows = [
        [f"{each.name}: {each.value}", f"{each.log_odds:+.2f}", f"{each.share:.1%}"]
        for each in version.card.reasons[:REASONS]
    ]
    if rows:
        yield from _aligned([["Among the three strongest reasons", "log-odds", "of held-out leads"], *rows])


def _pairs(version: ModelVersion) -> Iterator[str]:
    rows = [
        [f"{first} with {second}", f"{strength:.3f}"]
        for first, second, strength in version.card.strongest_pairs[:PAIRS]
    ]
    if rows:
        yield from _aligned([["Together", "mean effect (log-odds)"], *rows])


def thresholds_text(lines: Mapping[str, Threshold]) -> str:
    """Where to draw the line, by what was asked for, ending with a newline."""
    rows = [
        [
            asked,
            f"{line.fit}",
            f"{line.share:.1%}",
            "" if line.leads_a_month is None else f"{line.leads_a_month:,.0f}",
            f"{line.precision:.1%} ({line.interval[0]:.1%} to {line.interval[1]:.1%})",
            f"{line.captured:.1%}",
        ]
        for asked, line in lines.items()
    ]
    return _text(
        [["Where to draw the line", "fit from", "of leads", "a month", "convert (95 % interval)", "captured"], *rows]
    )


def fairness_text(column: str, fit: int, groups: Sequence[Treatment]) -> str:
    """How a line on fit treats the groups of a column, ending with a newline."""
    rows = [
        [
            each.group,
            f"{each.leads}",
            f"{each.converted}",
            f"{each.selection_rate:.1%}",
            _share(each.tpr),
            _share(each.precision),
            f"{each.promised:.1%}",
            f"{each.observed:.1%}",
            "small: says little" if each.small else "",
        ]
        for each in groups
    ]
    head = ["leads", "converted", "selected", "of converting", "precision", "promised", "observed", ""]
    return _text([[f"{column}, selected from a fit of {fit}", *head], *rows])


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _text(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(_aligned(rows)) + "\n"


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
