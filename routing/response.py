"""How fast sales answers: by team, SLA and rep, with the system's own delay told apart from people's."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from types import MappingProxyType

from routing.handing import Handing


@dataclass(frozen=True, kw_only=True, slots=True)
class Delay:
    """Half of the leads waited no longer than `median`, nine of ten no longer than `p90`, none longer than `most`."""

    median: timedelta
    p90: timedelta
    most: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Response:
    """How some leads were answered: `value` of `by` (all, team, sla, rep).

    `system` is from receiving until a rep had the lead, `working` the working time and `waited` all time from then to
    the first contact; None where there is none to tell of.
    """

    by: str
    value: str
    handed: int
    in_time: int
    late: int
    open: int
    share: float | None
    system: Delay | None
    working: Delay | None
    waited: Delay | None


GROUPED: Mapping[str, Callable[[Handing], str]] = MappingProxyType(
    {
        "team": lambda one: one.team,
        "sla": lambda one: one.sla,
        "rep": lambda one: one.answers_for("respond"),
    }
)


def responses(handings: Sequence[Handing]) -> tuple[Response, ...]:
    """How all leads were answered, then those of each team, SLA and rep, by name."""
    rows = [_response("all", "all", handings)] if handings else []
    for by, read in GROUPED.items():
        values = sorted({read(one) for one in handings})
        rows += [_response(by, value, [one for one in handings if read(one) == value]) for value in values]
    return tuple(rows)


def _response(by: str, value: str, handings: Sequence[Handing]) -> Response:
    states = [one.duties.get("respond") for one in handings]
    in_time, late = states.count("kept"), states.count("broken")
    return Response(
        by=by,
        value=value,
        handed=len(handings),
        in_time=in_time,
        late=late,
        open=states.count("open"),
        share=in_time / (in_time + late) if in_time + late else None,
        system=delay_of(one.assigned_at - one.received_at for one in handings if one.assigned_at is not None),
        working=delay_of(one.response for one in handings),
        waited=delay_of(one.waited for one in handings),
    )


def delay_of(waits: Iterable[timedelta | None]) -> Delay | None:
    """The quantiles of some waits by nearest rank; None where there is none."""
    ordered = sorted(wait for wait in waits if wait is not None)
    if not ordered:
        return None
    median, p90 = (ordered[ceil(share * len(ordered)) - 1] for share in (0.5, 0.9))
    return Delay(median=median, p90=p90, most=ordered[-1])
