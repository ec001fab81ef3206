import numpy as np
import pytest

from training.leakage import Suspicion, auc_alone, suspicions

ROWS = 2_000
random = np.random.default_rng(5)
label = random.random(ROWS) < 0.3


def noisy(share: float) -> list[str | None]:
    """A column that tells the outcome of a share of the rows, and anything of the others."""
    told = random.random(ROWS) < share
    return [str(bool(truth if known else random.random() < 0.3)) for truth, known in zip(label, told, strict=True)]


def honest() -> dict[str, list[str | None]]:
    return {"Lead Origin": noisy(0.25), "Lead Source": noisy(0.2), "City": noisy(0.02), "Month": noisy(0.1)}


def found(**planted: list[str | None]) -> dict[str, Suspicion]:
    return {each.column: each for each in suspicions({**honest(), **planted}, label)}


def test_honest_columns_are_not_accused() -> None:
    assert found() == {}


def test_a_column_that_nearly_decides_the_label_is_named_with_its_strength() -> None:
    suspicion = found(page_values=noisy(0.85))["page_values"]

    assert suspicion.kind == "alone"
    assert suspicion.evidence.startswith("alone it reaches a ROC-AUC of 0.9")


def test_a_strong_column_in_a_strong_field_is_not_accused() -> None:
    assert found(minutes=noisy(0.6), visits=noisy(0.5)) == {}


def test_filling_that_differs_by_outcome_is_named_with_both_rates() -> None:
    filled: list[str | None] = ["any" if random.random() < (0.8 if truth else 0.3) else None for truth in label]

    evidence = found(occupation=filled)["occupation"].evidence

    assert evidence.startswith("its filling tells the outcome: ")
    assert "convert when blank" in evidence


def test_a_few_blanks_that_all_convert_are_no_evidence() -> None:
    blanks = {int(row) for row in np.flatnonzero(label)[:20]}

    assert found(source=[None if row in blanks else "web" for row in range(ROWS)]) == {}


def test_values_set_after_the_outcome_are_named() -> None:
    after: list[str | None] = ["closed" if truth and random.random() < 0.3 else "open" for truth in label]

    suspicion = found(step=after)["step"]

    assert suspicion.kind == "values"
    assert suspicion.evidence.startswith("values that nearly always convert (set afterwards?): 'closed' (100% of ")


def test_a_pure_value_that_few_of_an_outcome_have_is_no_evidence() -> None:
    few = set(np.flatnonzero(label)[:40].tolist())

    assert found(partner=["one partner" if row in few else "none" for row in range(ROWS)]) == {}


def test_a_value_hardly_purer_than_all_rows_is_no_evidence() -> None:
    mostly = random.random(ROWS) < 0.94

    assert suspicions({"kind": ["web" if random.random() < 0.6 else "mail" for _ in mostly]}, mostly) == ()


@pytest.mark.parametrize("make", [lambda row: f"u-{row}", lambda row: str(600_000 + row)])
def test_identifiers_are_named_text_or_number(make: object) -> None:
    assert callable(make)

    assert found(lead=[make(row) for row in range(ROWS)])["lead"].kind == "identifier"


def test_a_measure_that_hardly_repeats_is_no_identifier() -> None:
    assert found(duration=[f"{value:.6f}" for value in random.random(ROWS)]) == {}


@pytest.mark.parametrize("name", ["Lead Quality", "Last Activity", "dealStage", "Tags", "Asymmetrique Activity Index"])
def test_a_name_that_speaks_of_a_result_is_asked_about(name: str) -> None:
    assert found(**{name: noisy(0.1)})[name].evidence.endswith("is it known when the lead comes in?")


@pytest.mark.parametrize("name", ["last_name", "Last Name", "classification", "lostandfound", "TrafficType"])
def test_words_inside_other_words_and_names_of_people_are_not(name: str) -> None:
    assert found(**{name: noisy(0.1)}) == {}


def test_a_column_alone_is_judged_on_rows_it_was_not_fitted_to() -> None:
    every_row_its_own: list[str | None] = [str(row) + "x" for row in range(ROWS)]

    assert auc_alone(every_row_its_own, label) == pytest.approx(0.5, abs=0.05)
