"""Reads the label: which rows converted."""

from collections import Counter
from collections.abc import Sequence

from scoring.lookup import folded
from training.table import MISSING, DataError, Row, text_of

# Words that say by themselves which side they are; any other pair needs --positive.
POSITIVE = frozenset({"1", "1.0", "true", "yes", "y", "won", "converted", "win"})


def labels_of(rows: Sequence[Row], label: str, positive: str | None) -> tuple[list[Row], list[bool], int]:
    """Return the rows that have a label, whether each converted, and how many have none.

    Raises: DataError when the label has not two sides, or does not say which side is the positive one.
    """
    labelled = [row for row in rows if folded(text_of(row.cells[label])) not in MISSING]
    counts = Counter(folded(text_of(row.cells[label])) for row in labelled)
    wanted = _positive(counts, label, positive)
    return labelled, [folded(text_of(row.cells[label])) in wanted for row in labelled], len(rows) - len(labelled)


def _positive(counts: Counter[str], label: str, positive: str | None) -> frozenset[str]:
    found = ", ".join(f"{value!r} ({count})" for value, count in counts.most_common(8))
    if len(counts) < 2:
        raise DataError(
            f"{label!r} has one value only: {found or 'none'}; a label needs rows that converted and rows that did not"
        )
    if positive is not None:
        if folded(positive) not in counts:
            raise DataError(f"{label!r} is never {positive!r}; it has {found}")
        return frozenset({folded(positive)})
    wanted = POSITIVE & set(counts)
    if len(counts) > 2 or len(wanted) != 1:
        raise DataError(f"{label!r} does not say which of its values means converted: {found}; name it with --positive")
    return frozenset(wanted)
