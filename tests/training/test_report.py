"""The report says what a person needs to judge a version, and the same to programs."""

from models.card import FAMILIES, METRICS
from tests.models.builders import card, version
from training.report import report_json, report_text


def test_a_report_reads_from_the_result_to_the_doubts() -> None:
    given = version(card=card(warnings=("few rows",), strongest=(("employees", 0.8), ("source", 0.25))))

    assert (
        report_text(given)
        == """\
Version 2026-03-01.1 (candidate)
1,000 leads, 180 of them converted (18.0%)
Held out: 5 folds, rows with equal attributes on one side

On held-out leads                                ROC-AUC  PR-AUC  log loss  Brier  top-10% lift  calibration error
  served: boosting, at most two columns at once    0.500   0.500     0.500  0.500         0.500              0.500
  logistic: regression, columns add up             0.500   0.500     0.500  0.500         0.500              0.500
  additive: boosting, one column at a time         0.500   0.500     0.500  0.500         0.500              0.500
  unrestricted: boosting, any columns together     0.500   0.500     0.500  0.500         0.500              0.500

Learned from              mean effect (log-odds)
  employees       number                   0.800
  source        2 levels                   0.250
  email_kind    3 levels                   0.000

Left out
  email     identifies the person

Do these know the outcome?
  Tags                        alone it reaches 0.92
  A column filled after the outcome makes a model that fails when it serves: leave it out with --drop.
Warning: few rows

Scorecard: 4 tables (columns: 3, pairs: 1), sigmoid calibration; differs from its models by at most 1.0e-15 log-odds
Seed 7, data 000000000000, scikit-learn 1.9.1
"""
    )


def test_nothing_left_out_and_nothing_to_doubt_leaves_no_headings() -> None:
    text = report_text(version(card=card(left_out={}, leakage=(), warnings=())))

    assert [heading for heading in ("Left out", "Do these know", "Warning") if heading in text] == []


def test_programs_get_what_the_command_promises() -> None:
    assert report_json(version()) == {
        "version": "2026-03-01.1",
        "rows": 1000,
        "positives": 180,
        "split": "5 folds, rows with equal attributes on one side",
        "metrics": {family: dict.fromkeys(METRICS, 0.5) for family in FAMILIES},
        "scorecard": {"max_difference": 1e-15, "tables": 4},
        "leakage": [{"column": "Tags", "evidence": "alone it reaches 0.92"}],
        "warnings": ["few rows"],
    }
