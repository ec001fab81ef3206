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

On held-out leads (95 % interval)                 served             logistic             additive         unrestricted
  ROC-AUC                            0.500 (0.450-0.550)  0.500 (0.450-0.550)  0.500 (0.450-0.550)  0.500 (0.450-0.550)
  PR-AUC                             0.500 (0.450-0.550)  0.500 (0.450-0.550)  0.500 (0.450-0.550)  0.500 (0.450-0.550)
  log loss                           0.500 (0.450-0.550)  0.500 (0.450-0.550)  0.500 (0.450-0.550)  0.500 (0.450-0.550)
  Brier                              0.500 (0.450-0.550)  0.500 (0.450-0.550)  0.500 (0.450-0.550)  0.500 (0.450-0.550)
  top-10% lift                       0.500 (0.450-0.550)  0.500 (0.450-0.550)  0.500 (0.450-0.550)  0.500 (0.450-0.550)
  calibration error                  0.500 (0.450-0.550)  0.500 (0.450-0.550)  0.500 (0.450-0.550)  0.500 (0.450-0.550)

  served: boosting, at most two columns at once; 120 trees of 8 leaves
  logistic: regression, columns add up; 120 trees of 8 leaves
  additive: boosting, one column at a time; 120 trees of 8 leaves
  unrestricted: boosting, any columns together; 120 trees of 8 leaves
  Only rising with employees
Note: one column at a time does as well

Tenth, best first    leads  converted  promised
  1                    100      60.0%     20.0%
  2                    100      54.0%     20.0%
  3                    100      48.0%     20.0%
  4                    100      42.0%     20.0%
  5                    100      36.0%     20.0%
  6                    100      30.0%     20.0%
  7                    100      24.0%     20.0%
  8                    100      18.0%     20.0%
  9                    100      12.0%     20.0%
  10                   100       6.0%     20.0%

Lift (captured so far) by tenth           served       logistic       additive   unrestricted
  1                                 1.82 (18.2%)   1.82 (18.2%)   1.82 (18.2%)   1.82 (18.2%)
  2                                 1.64 (34.5%)   1.64 (34.5%)   1.64 (34.5%)   1.64 (34.5%)
  3                                 1.45 (49.1%)   1.45 (49.1%)   1.45 (49.1%)   1.45 (49.1%)
  4                                 1.27 (61.8%)   1.27 (61.8%)   1.27 (61.8%)   1.27 (61.8%)
  5                                 1.09 (72.7%)   1.09 (72.7%)   1.09 (72.7%)   1.09 (72.7%)
  6                                 0.91 (81.8%)   0.91 (81.8%)   0.91 (81.8%)   0.91 (81.8%)
  7                                 0.73 (89.1%)   0.73 (89.1%)   0.73 (89.1%)   0.73 (89.1%)
  8                                 0.55 (94.5%)   0.55 (94.5%)   0.55 (94.5%)   0.55 (94.5%)
  9                                 0.36 (98.2%)   0.36 (98.2%)   0.36 (98.2%)   0.36 (98.2%)
  10                               0.18 (100.0%)  0.18 (100.0%)  0.18 (100.0%)  0.18 (100.0%)

Learned from              mean effect (log-odds)
  employees       number                   0.800
  source        2 levels                   0.250
  email_kind    3 levels                   0.000

Together                 mean effect (log-odds)
  employees with source                   0.050

Among the three strongest reasons    log-odds  of held-out leads
  source: referral                      +0.90              30.0%

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
