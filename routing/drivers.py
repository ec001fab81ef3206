"""What drives a miss: the sources, campaigns, teams, reps and hours with more broken promises than was agreed."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from zoneinfo import ZoneInfo

from routing.handing import Handing

# A difference that chance makes more often than this, however many values were looked at, is not told.
CHANCE = 0.05

Reader = Callable[[Handing, ZoneInfo], str | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Driver:
    """One value of one dimension: how many `missed` of `of` leads, how many more that is than was to be expected.

    `chance` is how often chance alone makes as great a difference, all values looked at counted in.
    """

    dimension: str
    value: str
    missed: int
    of: int
    excess: float
    chance: float


DIMENSIONS: Mapping[str, Reader] = MappingProxyType(
    {
        "source": lambda handing, _: handing.told("source"),
        "campaign": lambda handing, _: handing.told("campaign") or handing.told("utm_campaign"),
        "team": lambda handing, _: handing.team,
        "rep": lambda handing, _: handing.late_rep or handing.rep,
        "hour": lambda handing, zone: f"{handing.handed_at.astimezone(zone):%H}:00",
        "weekday": lambda handing, zone: f"{handing.handed_at.astimezone(zone):%a}".lower(),
    }
)


def drivers_of(
    kept: Sequence[Handing], broken: Sequence[Handing], allowed: float, timezone: str, most: int = 5
) -> tuple[Driver, ...]:
    """Who and what broke more promises than the share `allowed` (0..1), worst first.

    Source: the one-sided test of Fisher (hypergeometric) of a value against all others, Bonferroni-corrected for the
    values of its dimension.
    """
    found = []
    for dimension, read in DIMENSIONS.items():
        good, bad = _counts(kept, read, timezone), _counts(broken, read, timezone)
        values = good | bad
        for value in values:
            missed, of = bad[value], good[value] + bad[value]
            tail = _at_least(missed, of, len(broken), len(kept) + len(broken))
            chance = min(tail * len(values), 1.0)
            driver = Driver(
                dimension=dimension,
                value=value,
                missed=missed,
                of=of,
                excess=missed - allowed * of,
                chance=chance,
            )
            if driver.excess >= 1 and chance < CHANCE:
                found.append(driver)
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
    for dimension in ("source", "campaign", "hour"):
        read = DIMENSIONS[dimension]
        came, before = _counts(now, read, timezone), _counts(earlier, read, timezone)
        for value, many in before.items():
            expected = many * stage
            tail = _at_most(came[value], len(now), many / len(earlier))
            driver = Driver(
                dimension=dimension,
                value=value,
                missed=round(expected - came[value]),
                of=round(expected),
                excess=expected - came[value],
                chance=min(tail * len(before), 1.0),
            )
            if driver.excess >= 1 and driver.chance < CHANCE:
                found.append(driver)
    return _worst(found, most)


def _worst(found: Iterable[Driver], most: int) -> tuple[Driver, ...]:
    return tuple(sorted(found, key=lambda driver: (-driver.excess, driver.dimension, driver.value))[:most])


def _counts(handings: Iterable[Handing], read: Reader, timezone: str) -> Counter[str]:
    """How many handings each value has; those without one count as (none)."""
    zone = ZoneInfo(timezone)
    return Counter(read(handing, zone) or "(none)" for handing in handings)


def _at_least(missed: int, of: int, all_missed: int, everything: int) -> float:
    """How often chance puts at least so many of all missed ones among `of` of everything."""
    from scipy.stats import hypergeom  # takes half a second to load, which no server pays that makes no report

    return float(hypergeom.sf(missed - 1, everything, all_missed, of))


def _at_most(count: int, of: int, share: float) -> float:
    """How often chance picks at most so many from a share of everything, when it picks `of`."""
    from scipy.stats import binom  # as above

    return float(binom.cdf(count, of, share))
