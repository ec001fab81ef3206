"""Matches rules with durable-rules networks for as long as they can be trusted; the closures answer otherwise."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from threading import Lock

from rules.compile import Compiled, ReadyRule
from rules.lower import Row
from rules.network import CModule, NetworkError, networks_of
from rules.paths import Plan, plan
from rules.trial import TrialError, try_out

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
    plans = [plan([ready.rule.when for ready in stratum], compiled.rule_slots) for stratum in compiled.strata]
    try:
        try_out([(each.paths, each.columns.sizes) for each in plans], seconds)
        strata = tuple(Matcher(each, stratum, module) for each, stratum in zip(plans, compiled.strata, strict=True))
    except (TrialError, NetworkError) as error:
        told(f"the closures match the rules of playbook {compiled.playbook.number}: {error}")
        return compiled
    return replace(compiled, engine=Networks(strata, told))


class Networks:
    """The networks of every stratum, to be shared between threads; given up together at the first error."""

    def __init__(self, strata: Sequence["Matcher"], told: Callable[[str], None]) -> None:
        self._strata: Sequence[Matcher] | None = strata
        self._told = told
        self._lock = Lock()

    def matching(self, depth: int, row: Row, now: datetime) -> list[int] | None:
        """Return the ascending numbers of the rules of a stratum that match; None when the closures have to say."""
        strata = self._strata
        if strata is None:
            return None
        try:
            return strata[depth].matching(row, now)
        except NetworkError as error:
            self._give_up(error)
            return None

    def _give_up(self, error: NetworkError) -> None:
        with self._lock:
            first, self._strata = self._strata is not None, None
        if first:
            self._told(f"the closures match the rules from now on: {error}")


class Matcher:
    """The networks of one stratum's rules, and the rules that they leave to be matched by hand."""

    def __init__(self, plan: Plan, stratum: Sequence[ReadyRule], module: CModule) -> None:
        self._networks = networks_of(plan.paths, plan.columns.sizes, module)
        self._codes = plan.columns.codes
        self._always = plan.always
        self._by_hand = tuple((index, stratum[index].holds) for index in plan.by_hand)
        self._lock = Lock()

    def matching(self, row: Row, now: datetime) -> list[int] | None:
        """Return the ascending numbers of the rules that match; None while another thread is asking.

        Nobody waits: the other thread may have been left behind by a fork, with the lock held for ever.
        Raises: NetworkError.
        """
        codes = self._codes(row, now)
        if not self._lock.acquire(blocking=False):
            return None
        try:
            matched = [*self._always]
            for network in self._networks:
                matched += network.matching(codes)
        finally:
            self._lock.release()
        matched += [index for index, holds in self._by_hand if holds(row, now)]
        return sorted(set(matched))
