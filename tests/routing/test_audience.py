"""Whom marketing wins, and whom to aim at."""

from random import Random

import pytest

from routing.audience import aims_of, cell_in_words, contrasts_of
from scoring.facts import Facts
from tests.builders import facts, scorecard

MODEL = scorecard()


def leads(count: int, **said: str | int) -> list[Facts]:
    """So many equal leads."""
    return [facts(**said) for _ in range(count)]


def test_what_is_more_usual_among_the_won_is_told_with_its_lift() -> None:
    won = leads(40, country="DE") + leads(10, country="FR")
    lost = leads(10, country="de ") + leads(40, country="FR")

    found = contrasts_of(won, lost, ("country",))

    assert [(one.value, one.won, one.lost, round(one.lift, 9)) for one in found] == [
        ("de", 0.8, 0.2, 4.0),
        ("fr", 0.2, 0.8, 0.25),
    ]
    assert max(one.chance for one in found) < 1e-6


def test_numbers_are_told_by_their_quarters() -> None:
    won = [facts(employees=1000 + number) for number in range(50)]
    lost = [facts(employees=number) for number in range(50)]

    found = contrasts_of(won, lost, ("employees",))

    assert [one.value for one in found if one.lift > 1] == ["1000 to 1025", "1025 and more"]


def test_chance_is_not_told() -> None:
    """A hundred attributes of noise."""
    chance = Random(3)
    noise = [facts(**{f"a{number}": chance.choice("xyz") for number in range(100)}) for _ in range(200)]

    assert contrasts_of(noise[:100], noise[100:], [f"a{number}" for number in range(100)]) == ()


@pytest.mark.parametrize(("won", "lost"), [(9, 100), (100, 9), (0, 0)])
def test_few_outcomes_say_nothing(won: int, lost: int) -> None:
    assert contrasts_of(leads(won, country="DE"), leads(lost, country="FR"), ("country",)) == ()


def test_aims_are_what_the_model_rates_highly_and_what_there_is_enough_of() -> None:
    """Above a thousand employees the hand-made model adds 2, for a demo request 1; there are too few webinars."""
    known = leads(12, employees=5000, source="demo_request") + leads(9, employees=50, source="webinar")

    found = aims_of(MODEL, known, ("employees", "source"))

    assert [(one.attribute, one.value, round(one.odds, 2), one.leads, round(one.reach, 2)) for one in found] == [
        ("employees", "above 1000", 7.39, 12, 0.57),
        ("source", "demo_request", 2.72, 12, 0.57),
    ]
    assert aims_of(MODEL, known, ("source",))[0].attribute == "source"


def test_cells_are_told_in_words() -> None:
    employees, source, _ = MODEL.features

    assert [cell_in_words(employees, cell) for cell in range(5)] == [
        "at most 10",
        "above 10 to 100",
        "above 100 to 1000",
        "above 1000",
        "missing",
    ]
    assert [cell_in_words(source, cell) for cell in range(4)] == ["demo_request", "webinar", "any rarer one", "missing"]
