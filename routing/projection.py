"""What a period will come to, from what there is of it: counts and shares at its end, with intervals."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from routing.hours import midnight
from routing.periods import Stretch, day_in

# Nine of ten such intervals hold what comes.
COVERED = 0.9
QUANTILES = ((1 - COVERED) / 2, 0.5, (1 + COVERED) / 2)
# Half a lead: what is added where nothing has been seen, so that it is unlikely and not impossible.
UNKNOWN = 0.5
# The days before a period that tell how leads come.
LOOK_BACK = timedelta(days=56)


@dataclass(frozen=True, kw_only=True, slots=True)
class Projection:
    """What is expected at the end: the middle value, the interval nine of ten fall into, how likely the promise is."""

    value: float
    low: float
    high: float
    likely: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """How leads come: `rate` a typical day, from `seen` typical days; `spread` is variance over mean, 1 when random.

    `weekdays` says how typical each weekday is, Monday first: 1 is an average day.
    """

    rate: float
    seen: float
    spread: float
    weekdays: tuple[float, ...]
    timezone: str

    def between(self, start: datetime, end: datetime) -> float:
        """The typical days from one instant to another; none where `end` is the earlier."""
        return sum(share * self.weekdays[day.weekday()] for day, share in _days(self.timezone, start, end).items())


@dataclass(frozen=True, kw_only=True, slots=True)
class Coming:
    """How many leads are still to come: the mean and the variance of their number."""

    mean: float
    variance: float

    def __add__(self, other: "Coming") -> "Coming":
        return Coming(mean=self.mean + other.mean, variance=self.variance + other.variance)


def pace_of(came: Sequence[datetime], stretch: Stretch, now: datetime, *, first: datetime | None = None) -> Pace:
    """How leads come that came at these instants: since eight weeks before the period (before now, where that
    is earlier), or since `first`, without which it is the first of them.

    Weekdays are told apart once there are two weeks of them; half a lead a weekday is added to each, so that a Sunday
    without leads is unlikely, not impossible.
    """
    until = min(now, stretch.end)
    since = max(min(stretch.start, now) - LOOK_BACK, first or min(came, default=until))
    days = _days(stretch.timezone, since, until)
    counts = _counts(stretch.timezone, [at for at in came if since <= at < until], days)
    weekdays = _weekdays(days, counts)
    seen = sum(share * weekdays[day.weekday()] for day, share in days.items())
    total = sum(counts.values())
    # Without a lead the rate is not nothing: half a lead in all that was seen, or in a day.
    rate = (total + UNKNOWN) / max(seen, 1.0)
    return Pace(
        rate=rate,
        seen=max(seen, 1.0),
        spread=_spread(days, counts, weekdays, rate),
        weekdays=weekdays,
        timezone=stretch.timezone,
    )


def coming_of(pace: Pace, typical_days: float) -> Coming:
    """How many leads come in so many typical days: the variance holds the spread of days, and doubt about the rate."""
    mean = pace.rate * max(typical_days, 0.0)
    doubt = pace.spread * pace.rate / pace.seen * typical_days**2
    return Coming(mean=mean, variance=pace.spread * mean + doubt)


def projected_count(so_far: int, promised: int, coming: Coming) -> Projection:
    """The count at the end of a period in which so many are still to come, as a negative binomial.

    Source: the negative binomial is the Poisson whose rate is gamma-distributed; its size and probability follow from
    mean m and variance v as m^2 / (v - m) and m / v.
    """
    if coming.mean <= 0:
        return Projection(value=so_far, low=so_far, high=so_far, likely=float(so_far >= promised))
    distribution = _distribution(coming)
    low, middle, high = distribution.ppf(QUANTILES)
    return Projection(
        value=so_far + float(middle),
        low=so_far + float(low),
        high=so_far + float(high),
        likely=float(distribution.sf(promised - so_far - 1)),
    )


def quantiles_of(coming: Coming) -> tuple[int, int, int]:
    """How many leads come: few, as many as in the middle, many."""
    low, middle, high = (0, 0, 0) if coming.mean <= 0 else map(int, _distribution(coming).ppf(QUANTILES))
    return low, middle, high


def _distribution(coming: Coming) -> Any:
    """The distribution of what comes."""
    from scipy.stats import nbinom  # takes half a second to load, which no server pays that makes no report

    mean, variance = coming.mean, max(coming.variance, coming.mean * (1 + 1e-9))
    return nbinom(mean**2 / (variance - mean), mean / variance)


def _days(timezone: str, first: datetime, until: datetime) -> Mapping[date, float]:
    """The days from one instant to another, each with the share of it that lies between them."""
    day, days = day_in(first, timezone), dict[date, float]()
    while (start := midnight(day, timezone)) < until:
        end = midnight(day + timedelta(days=1), timezone)
        days[day] = (min(end, until) - max(start, first)) / (end - start)
        day += timedelta(days=1)
    return days


def _counts(timezone: str, came: Sequence[datetime], days: Iterable[date]) -> Mapping[date, int]:
    """How many came on each day."""
    ordered = sorted(came)
    ends = {day: bisect_left(ordered, midnight(day + timedelta(days=1), timezone)) for day in days}
    starts = [0, *ends.values()]
    return {day: end - start for (day, end), start in zip(ends.items(), starts, strict=False)}


def _weekdays(days: Mapping[date, float], counts: Mapping[date, int]) -> tuple[float, ...]:
    if sum(days.values()) < 14:
        return (1.0,) * 7
    seen, came = [0.0] * 7, [UNKNOWN] * 7
    for day, share in days.items():
        seen[day.weekday()] += share
        came[day.weekday()] += counts.get(day, 0)
    rates = [many / long for many, long in zip(came, seen, strict=True)]
    return tuple(7 * rate / sum(rates) for rate in rates)


def _spread(days: Mapping[date, float], counts: Mapping[date, int], weekdays: Sequence[float], rate: float) -> float:
    """Pearson's chi-squared over its degrees of freedom, never under that of pure chance."""
    expected = {day: rate * share * weekdays[day.weekday()] for day, share in days.items() if share > 0}
    if len(expected) < 14:
        return 1.0
    squares = sum((counts.get(day, 0) - mean) ** 2 / mean for day, mean in expected.items())
    return max(squares / (len(expected) - 7), 1.0)
