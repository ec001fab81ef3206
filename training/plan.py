"""How a version is to be trained: what an analyst may ask for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType
from typing import Literal

from training.dataset import Column, Dataset
from training.search import Search
from training.table import DataError

# Bags of five members for each search: what more members cost in training, serving them costs nothing.
BAGS: Mapping[Search, int] = MappingProxyType({"none": 1, "quick": 2, "thorough": 4})


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How to train.

    `served` is the family that serves. `monotone` holds 1 or -1 by column: the score may only rise or only fall with
    it. `half_lives` are the candidates for halving the weight of older rows, in the unit of the data set's `times`.
    `fairness` names the columns that the report compares groups by. `jobs` models are fitted at a time, -1 for as many
    as there are cores; the result does not depend on it.
    """

    seed: int
    search: Search = "quick"
    served: Literal["pairwise", "additive"] = "pairwise"
    monotone: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    half_lives: tuple[float, ...] = ()
    jobs: int = 1


def constraints_of(plan: Plan, columns: Sequence[Column]) -> tuple[int, ...]:
    """1, -1 or 0 for each column.

    Raises: DataError naming every monotone column that does not train, or is none of numbers.
    """
    kinds = {column.name: column.kind for column in columns}
    problems = [problem for name in plan.monotone if (problem := _problem(name, kinds))]
    if problems:
        raise DataError("--monotone: " + "; ".join(problems))
    return tuple(plan.monotone.get(column.name, 0) for column in columns)


def check_half_lives(plan: Plan, data: Dataset) -> None:
    """Raises DataError where half-lives are asked for and there is no time, or they do not suit its span."""
    if not plan.half_lives:
        return
    if data.times is None:
        raise DataError("--half-life needs --time: without a time column no row is older than another")
    span = float(data.times.max() - data.times.min())
    for each in plan.half_lives:
        if not span / 1000 <= each <= span * 1000:
            unit = f"{span / 86400:.1f} days" if data.dated else f"{span:g}"
            hint = "write it in days, 90d" if data.dated else "write it as a number in the column's own unit"
            raise DataError(f"--half-life does not suit the time column, which spans {unit}: {hint}")


def _problem(name: str, kinds: Mapping[str, str]) -> str | None:
    if name not in kinds:
        near = get_close_matches(name, kinds, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"those that do are {', '.join(kinds)}"
        return f"no column {name!r} trains; {hint}"
    return f"{name!r} is a category, which neither rises nor falls" if kinds[name] == "category" else None
