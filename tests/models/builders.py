"""Model versions made by hand."""

from datetime import UTC, datetime
from typing import Any

from models.version import FAMILIES, METRICS, ColumnCard, ModelCard, ModelVersion
from tests.builders import scorecard


def card(**over: Any) -> ModelCard:
    """The card of a small model."""
    given: dict[str, Any] = {
        "rows": 1000,
        "positives": 180,
        "columns": (
            ColumnCard(name="employees", kind="number", levels=0),
            ColumnCard(name="source", kind="category", levels=2),
            ColumnCard(name="email_kind", kind="category", levels=3),
        ),
        "left_out": {"email": "identifies the person"},
        "split": "5 folds, rows with equal attributes on one side",
        "metrics": {family: dict.fromkeys(METRICS, 0.5) for family in FAMILIES},
        "max_difference": 1e-15,
        "tables": 4,
        "leakage": (("Tags", "alone it reaches 0.92"),),
        "warnings": ("few rows",),
        "checksum": "0" * 64,
        "seed": 7,
        "libraries": {"scikit-learn": "1.9.1"},
        "strongest": (("employees", 0.8),),
    }
    return ModelCard(**{**given, **over})


def version(name: str = "2026-03-01.1", **over: Any) -> ModelVersion:
    """A candidate with the hand-made scorecard."""
    given: dict[str, Any] = {
        "name": name,
        "state": "candidate",
        "created_at": datetime(2026, 3, 1, 9, 0, tzinfo=UTC),
        "scorecard": scorecard(version=name),
        "card": card(),
    }
    return ModelVersion(**{**given, **over})
