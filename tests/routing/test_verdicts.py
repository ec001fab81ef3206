"""How promises stand, in words."""

import pytest

from routing.projection import Projection
from routing.verdicts import State, leads_in_words, share_in_words


def expected(value: float, low: float, high: float) -> Projection:
    """What is expected at the end of the period."""
    return Projection(value=value, low=low, high=high, likely=0.5)


@pytest.mark.parametrize(
    ("state", "end", "words"),
    [
        ("on course", (1653, 1620, 1693), "on course: 1,653 (1,620 to 1,693)"),
        ("on course", (400, 400, 400), "on course: 400"),
        ("in danger", (388, 380, 395), "short by 12 (5 to 20)"),
        ("in danger", (388, 380, 410), "short by 12 (at worst 20, at best 10 over)"),
        ("in danger", (388, 388, 388), "short by 12"),
        ("too early", (1, 0, 900), "too early to tell"),
        ("kept", (400, 400, 400), "kept: 350 of 400"),
        ("missed", (350, 350, 350), "missed by 50: 350 of 400"),
    ],
)
def test_numbers_of_leads_are_told_as_numbers(state: State, end: tuple[float, float, float], words: str) -> None:
    assert leads_in_words(state, 350, 400, expected(*end)) == words


@pytest.mark.parametrize(
    ("state", "share", "end", "words"),
    [
        ("on course", 0.96, (0.96, 0.951, 0.9705), "on course: 96.0% (95.1% to 97.0%)"),
        ("in danger", 0.9, (0.905, 0.875, 0.93), "short by 4.5 points (2.0 to 7.5)"),
        ("missed", 0.904, (0.904, 0.904, 0.904), "missed by 4.6 points: 90.4% of 95%"),
        ("kept", None, (0.5, 0, 1), "kept: no lead to keep it to"),
    ],
)
def test_shares_are_told_in_percent_and_what_is_short_in_points(
    state: State, share: float | None, end: tuple[float, float, float], words: str
) -> None:
    assert share_in_words(state, share, 0.95, expected(*end)) == words
