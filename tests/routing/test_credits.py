"""A team goes on after a change as short and as far ahead as each was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.candidates import shortfalls_of
from routing.credits import credits_anew
from tests.routing.builders import rep, standing

WEIGHTS = st.sampled_from([0.5, 1.0, 2.0, 3.7])


@given(st.lists(st.tuples(WEIGHTS, WEIGHTS, st.integers(0, 40), st.integers(0, 9)), min_size=1, max_size=6))
def test_whoever_stays_is_as_short_as_before(team: list[tuple[float, float, int, int]]) -> None:
    """Whatever the weights were and are, and whatever each had and was credited with."""
    names = [f"r{number}" for number in range(len(team))]
    total, weights = sum(had + credit for *_, had, credit in team), sum(before for before, *_ in team)
    short = {
        name: total * before / weights - had - credit
        for name, (before, _, had, credit) in zip(names, team, strict=True)
    }
    now = [rep(name, after) for name, (_, after, *_) in zip(names, team, strict=True)]
    assigned = {name: had for name, (*_, had, _) in zip(names, team, strict=True)}

    credit = credits_anew(now, assigned, short)

    standings = {name: standing(name, assigned[name], credit=credit[name]) for name in names}
    next_lead = {one.name: one.weight / sum(each.weight for each in now) for one in now}
    assert min(credit.values()) >= 0
    assert shortfalls_of(now, standings) == pytest.approx({n: short[n] + next_lead[n] for n in names}, abs=1e-6)


@given(WEIGHTS, st.integers(0, 40), st.integers(0, 40))
def test_whoever_is_new_is_short_of_nothing(weight: float, ana: int, ben: int) -> None:
    """Ana and Ben are of equal weight, and may differ."""
    crew = [rep("Ana"), rep("Ben"), rep("Cleo", weight)]
    half = (ana + ben) / 2

    credit = credits_anew(crew, {"Ana": ana, "Ben": ben}, {"Ana": half - ana, "Ben": half - ben})

    had = {"Ana": ana, "Ben": ben, "Cleo": 0}
    standings = {name: standing(name, count, credit=credit[name]) for name, count in had.items()}
    assert shortfalls_of(crew, standings)["Cleo"] == pytest.approx(weight / (2 + weight), abs=1e-6)
