"""Matches rules with durable-rules networks for as long as they can be trusted; the closures answer otherwise."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock

from rules.columns import Cells, Reader
from rules.compile import Compiled, ReadyRule
from rules.lower import Slots
from rules.network import CModule, Network, NetworkError, Numbered, batches_of, cells_of
from rules.paths import Plan, plan
from rules.trial import TrialError, try_out
from scoring.lead import Value

TRIAL_SECONDS = 20.0


def with_networks(compiled: Compiled, *, told: Callable[[str], None], seconds: float = TRIAL_SECONDS) -> Compiled:
    """Return the compiled playbook with networks that match its rules, once they have passed a trial.

    The trial is a child process that has these seconds to build and exercise them. Where durable-rules is not
    installed the playbook comes back as it was; where its networks are not to be trusted too, and `told` hears why.
    `told` is also called, once, when they fail later, from then on the closures answer.
    """
    try:
        import durable_rules_engine as module
    except ImportError:
        return compiled
    layouts = layouts_of(compiled)
    try:
        try_out([(batch, each.cells) for each in layouts for batch in each.batches], seconds)
        return replace(compiled, engine=networks_of(compiled, layouts, module, told))
    except (TrialError, NetworkError) as error:
        told(str(error))
        return compiled


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """What the networks of one stratum are to hold: its plan, the plan's paths in batches, one a network, and cells."""

    plan: Plan
    cells: Cells
    batches: tuple[Numbered, ...]


def layouts_of(compiled: Compiled) -> tuple[Layout, ...]:
    """Return the layout of each stratum."""
    plans = [plan([ready.rule.when for ready in stratum], compiled.rule_slots) for stratum in compiled.strata]
    return tuple(
        Layout(
            plan=each,
            cells=cells_of(each.paths, each.columns.sizes),
            batches=tuple(batches_of(each.paths, each.columns.sizes)),
        )
        for each in plans
    )


def networks_of(
    compiled: Compiled, layouts: Sequence[Layout], module: CModule, told: Callable[[str], None]
) -> "Networks":
    """Return the networks of a compiled playbook, untried. Raises: NetworkError."""
    pairs = zip(layouts, compiled.strata, strict=True)
    return Networks([Matcher(layout, stratum, compiled.rule_slots, module) for layout, stratum in pairs], told)


class Networks:
    """The networks of every stratum, to be shared between threads; given up together at the first error."""

    def __init__(self, strata: Sequence["Matcher"], told: Callable[[str], None]) -> None:
        self._strata: Sequence[Matcher] | None = strata
        self._told = told
        self._lock = Lock()

    @property
    def trusted(self) -> bool:
        """Whether they still answer."""
        return self._strata is not None

    def matching(self, depth: int, values: Mapping[str, Value], now: datetime) -> list[int] | None:
        """Return the ascending numbers of the rules of a stratum that match; None when the closures have to say."""
        strata = self._strata
        if strata is None:
            return None
        try:
            return strata[depth].matching(values, now)
        except NetworkError as error:
            self._give_up(error)
            return None

    def _give_up(self, error: NetworkError) -> None:
        with self._lock:
            first, self._strata = self._strata is not None, None
        if first:
            self._told(str(error))


class Matcher:
    """The networks of one stratum's rules, and the rules that they leave to be matched by hand."""

    def __init__(self, layout: Layout, stratum: Sequence[ReadyRule], slots: Slots, module: CModule) -> None:
        planned = layout.plan
        reader = Reader(planned.columns, layout.cells)
        self._networks = tuple(Network(batch, layout.cells, module) for batch in layout.batches)
        self._slots = slots
        self._looks_at_rows = reader.looks_at_rows or bool(planned.by_hand)
        self._read = reader.read
        self._always = planned.always
        self._by_hand = tuple((index, stratum[index].holds) for index in planned.by_hand)
        self._lock = Lock()

    def matching(self, values: Mapping[str, Value], now: datetime) -> list[int] | None:
        """Return the ascending numbers of the rules that match; None while another thread is asking.

        Nobody waits: the other thread may have been left behind by a fork, with the lock held for ever.
        Raises: NetworkError.
        """
        row = self._slots.row(values) if self._looks_at_rows else ()
        told = self._read(values, row, now)
        if not self._lock.acquire(blocking=False):
            return None
        try:
            matched = [*self._always]
            for network in self._networks:
                matched += network.matching(told)
        finally:
            self._lock.release()
        matched += [index for index, holds in self._by_hand if holds(row, now)]
        return sorted(set(matched))
