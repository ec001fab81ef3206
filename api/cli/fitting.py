"""The options that say how a version is fitted."""

import re
from collections.abc import Callable
from functools import wraps
from types import MappingProxyType
from typing import Any

import click

from api.candidates import SEED
from training.plan import Plan

_SPAN = re.compile(r"(\d+(?:\.\d+)?)([hdw]?)")
_SECONDS = MappingProxyType({"": 1.0, "h": 3_600.0, "d": 86_400.0, "w": 604_800.0})
_SIGNS = MappingProxyType({"+": 1, "-": -1})


def fitting_options(verb: Callable[..., Any]) -> Callable[..., Any]:
    """The verb with the options below, which it is given as one `plan`."""

    @wraps(verb)
    def planned(
        seed: int,
        search: Any,
        served: Any,
        monotone: tuple[tuple[str, int], ...],
        half_lives: tuple[float, ...],
        jobs: int,
        **rest: Any,
    ) -> Any:
        plan = Plan(
            seed=seed,
            search=search,
            served=served,
            monotone=MappingProxyType(dict(monotone)),
            half_lives=half_lives,
            jobs=jobs,
        )
        return verb(plan=plan, **rest)

    found: Callable[..., Any] = planned
    for option in reversed(_OPTIONS):
        found = option(found)
    return found


def _constraint(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> list[tuple[str, int]]:
    found = [(name, _SIGNS.get(sign)) for name, _, sign in (each.rpartition(":") for each in given)]
    for text, (name, sign) in zip(given, found, strict=True):
        if not name or sign is None:
            raise click.BadParameter(f"{text!r} is no column with a sign; write employees:+ or discount:-")
    twice = [name for name, _ in found if sum(name == other for other, _ in found) > 1]
    if twice:
        raise click.BadParameter(f"{twice[0]!r} is named twice")
    return [(name, sign) for name, sign in found if sign is not None]


def _spans(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> tuple[float, ...]:
    found = [_SPAN.fullmatch(text.strip()) for text in given]
    for text, match in zip(given, found, strict=True):
        if match is None or not float(match[1]):
            raise click.BadParameter(
                f"{text!r} is no span; write 180d, 26w or 12h, or a number in the unit of a time column of numbers"
            )
    return tuple(float(match[1]) * _SECONDS[match[2]] for match in found if match)


_OPTIONS = (
    click.option(
        "--seed", type=click.IntRange(0, 2**31), default=SEED, show_default=True, help="Same seed, same model."
    ),
    click.option(
        "--search",
        type=click.Choice(["none", "quick", "thorough"]),
        default="quick",
        show_default=True,
        help="How many settings of each family are tried by nested cross-validation.",
    ),
    click.option(
        "--served",
        type=click.Choice(["pairwise", "additive"]),
        default="pairwise",
        show_default=True,
        help="The family that serves: at most two columns at once, or one.",
    ),
    click.option(
        "--monotone",
        multiple=True,
        callback=_constraint,
        metavar="COLUMN:+|-",
        help="The score may only rise (+) or fall (-) with this column; may be given several times.",
    ),
    click.option(
        "--half-life",
        "half_lives",
        multiple=True,
        callback=_spans,
        metavar="SPAN",
        help="With --time: older leads weigh half with every such span, 180d. Several may be given; the one that tells "
        "later leads best from earlier ones is taken, or none.",
    ),
    click.option("--jobs", type=int, default=-1, show_default=True, help="Models fitted at a time; -1 for one a core."),
)
