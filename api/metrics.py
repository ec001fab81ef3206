"""The figures Prometheus reads: leads by door and outcome, requests by route, and what is being served."""

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The counters of one app, in a registry of its own; what is `read` when asked for comes from elsewhere."""

    def __init__(self, *read: Collector) -> None:
        self.registry = CollectorRegistry()
        self._read = read
        self.leads = Counter(
            "leadline_leads",
            "Leads by the door they came through and what became of them",
            ["door", "outcome"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "leadline_request_seconds",
            "Seconds taken to answer, by method, route and status",
            ["method", "route", "status"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self.playbook = Gauge(
            "leadline_playbook_version",
            "Number of the playbook in force",
            registry=self.registry,
            multiprocess_mode="max",
        )
        self.networks = Gauge(
            "leadline_durable_rules",
            "Whether durable-rules matches the rules of the playbook in force (1) or Python does (0)",
            registry=self.registry,
            multiprocess_mode="min",
        )
        self.without_networks = Counter(
            "leadline_durable_rules_failures",
            "Playbooks whose rules Python matches because durable-rules failed, in its trial or later",
            registry=self.registry,
        )
        self.refused = Counter(
            "leadline_refused_versions",
            "New playbooks and models that could not be served, so that the last good one went on",
            registry=self.registry,
        )

    def text(self) -> bytes:
        """Everything counted so far, in Prometheus' text format; over all processes where several serve."""
        here = self.registry
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            here = CollectorRegistry()
            MultiProcessCollector(here)  # type: ignore[no-untyped-call]  # the library leaves it untyped
        elsewhere = CollectorRegistry()
        for collector in self._read:
            elsewhere.register(collector)
        return generate_latest(here) + generate_latest(elsewhere)
