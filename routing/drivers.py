"""What drives a miss: the sources, campaigns, teams, reps and hours that broke more promises than all others."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from zoneinfo import ZoneInfo

from routing.handing import Handing
from rules.playbook import Duty
from scoring.lookup import folded

# A difference that chance makes more often than this, however many values were looked at, is not told.
CHANCE = 0.05
# Stands for a value where a lead has none.
NONE = "(none)"

Reader = Callable[[Handing, Duty, ZoneInfo], str | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Driver:
    """One value of one dimension: how many `missed` of `of` leads, how many more that is than was to be expected.

    `text` says so in words. `chance` is how often chance alone makes as great a difference, all values looked at
    counted in.
    """

    dimension: str
    value: str
    missed: int
    of: int
    excess: float
    chance: float
    text: str


DIMENSIONS: Mapping[str, Reader] = MappingProxyType(
    {
        "source": lambda handing, _, __: _folded(handing.told("source")),
        "campaign": lambda handing, _, __: _folded(handing.told("campaign") or handing.told("utm_campaign")),
        "team": lambda handing, _, __: handing.team,
        "rep": lambda handing, duty, _: handing.answers_for(duty),
        "hour": lambda handing, _, zone: f"{handing.handed_at.astimezone(zone):%H}:00",
        "weekday": lambda handing, _, zone: f"{handing.handed_at.astimezone(zone):%a}".lower(),
    }
)
# What marketing has a hand in, of all that.
MARKETINGS = ("source", "campaign", "hour")


def drivers_of(
    duty: Duty, kept: Sequence[Handing], broken: Sequence[Handing], allowed: float, timezone: str, most: int = 5
) -> tuple[Driver, ...]:
    """Who and what broke more promises than all others did, and than the share `allowed` (0..1): who adds most first.

    What a value adds is how many it broke beyond what the others' share, or the allowed one, would have made of as many
    leads.

    Source: the one-sided test of Fisher (hypergeometric) of a value against all others, Bonferroni-corrected for the
    values of its dimension.
    """
    found = []
    for dimension, read in DIMENSIONS.items():
        good, bad = _counts(kept, duty, read, timezone), _counts(broken, duty, read, timezone)
        values = good | bad
        for value in values:
            missed, of = bad[value], good[value] + bad[value]
            others = _share(len(broken) - missed, len(kept) + len(broken) - of)
            excess = missed - max(allowed, others) * of
            chance = min(_at_least(missed, of, len(broken), len(kept) + len(broken)) * len(values), 1.0)
            if excess >= 1 and chance < CHANCE:
                text = (
                    f"{_name(dimension, value)}: {missed} of {of} broken ({missed / of:.0%}), all others {others:.0%}"
                )
                found.append(_driver(dimension, value, missed, of, excess, chance, text))
    return _worst(found, most)


def shortfalls_of(
    now: Sequence[Handing],
    earlier: Sequence[Handing],
    stage: float,
    timezone: str,
    most: int = 5,
) -> tuple[Driver, ...]:
    """What brings fewer leads than it did, also for how many come at all; the largest shortfall first.

    `stage` is how much time has passed against that of the earlier leads. `missed` is what was to be expected and did
    not come, rounded; `of` what was to be expected.

    Source: the one-sided binomial test of a value's share of the leads against its share of the earlier ones,
    Bonferroni-corrected as above.
    """
    found = []
    for dimension in MARKETINGS:
        read = DIMENSIONS[dimension]
        came, before = (_counts(handings, "respond", read, timezone) for handings in (now, earlier))
        for value, many in before.items():
            expected = many * stage
            excess = expected - came[value]
            chance = min(_at_most(came[value], len(now), many / len(earlier)) * len(before), 1.0)
            if excess >= 1 and chance < CHANCE:
                text = f"{_name(dimension, value)}: {came[value]} came of {expected:.0f} to be expected"
                found.append(_driver(dimension, value, round(excess), round(expected), excess, chance, text))
    return _worst(found, most)


def _driver(dimension: str, value: str, missed: int, of: int, excess: float, chance: float, text: str) -> Driver:
    return Driver(dimension=dimension, value=value, missed=missed, of=of, excess=excess, chance=chance, text=text)


def _folded(told: str | None) -> str | None:
    return None if told is None else folded(told)


def _name(dimension: str, value: str) -> str:
    return f"no {dimension}" if value == NONE else f"{dimension} {value}"


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _worst(found: Iterable[Driver], most: int) -> tuple[Driver, ...]:
    return tuple(sorted(found, key=lambda driver: (-driver.excess, driver.dimension, driver.value))[:most])


def _counts(handings: Iterable[Handing], duty: Duty, read: Reader, timezone: str) -> Counter[str]:
    """How many handings each value has; those without one count as (none)."""
    zone = ZoneInfo(timezone)
    return Counter(read(handing, duty, zone) or NONE for handing in handings)


def _at_least(missed: int, of: int, all_missed: int, everything: int) -> float:
    """How often chance puts at least so many of all missed ones among `of` of everything."""
    from scipy.stats import hypergeom  # takes half a second to load, which no server pays that makes no report

    return float(hypergeom.sf(missed - 1, everything, all_missed, of))


def _at_most(count: int, of: int, share: float) -> float:
    """How often chance picks at most so many from a share of everything, when it picks `of`."""
    from scipy.stats import binom  # as above

    return float(binom.cdf(count, of, share))
