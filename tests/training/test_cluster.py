"""Training spreads over a Dask cluster and comes to the same model."""

import sys
from typing import Any

import pytest
from distributed import LocalCluster

from tests.training.builders import leads
from training.cluster import ClusterError, on_cluster
from training.fit import Part, answers_of
from training.plan import Plan
from training.search import DEFAULT


def local_cluster() -> Any:
    """A scheduler and a worker in this process."""
    return LocalCluster(  # type: ignore[no-untyped-call] # distributed has no types here
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
    )


def test_models_fitted_on_a_cluster_say_the_same_to_the_bit() -> None:
    given = leads(120)
    part = Part(family="served", setting=DEFAULT, rows=given.groups < 90, asked=given.groups >= 90, seed=1)
    plan = Plan(seed=1, search="none")

    with (
        local_cluster() as cluster,
        on_cluster(cluster.scheduler_address),
    ):
        there = [each.tolist() for each in answers_of(given, plan, [part, part])]

    assert there == [each.tolist() for each in answers_of(given, plan, [part, part])]


def test_without_dask_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)

    with (
        pytest.raises(ClusterError, match=r"not installed: pip install 'leadline\[cluster\]'$"),
        on_cluster("tcp://a:1"),
    ):
        pass


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense://x", "127.0.0.1:99999999"])
def test_an_address_where_no_scheduler_answers_is_a_clear_error(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.cluster.PATIENCE", 0.2)

    with pytest.raises(ClusterError, match=r"^no Dask scheduler answers at '.*' \(such as "), on_cluster(address):
        pass


def test_no_address_is_this_machine() -> None:
    with on_cluster(None):
        pass
