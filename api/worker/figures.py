"""What workers count: work done by kind, how late it was, and what could not be done."""

from prometheus_client import CollectorRegistry, Counter, Histogram

from store.deliveries import Channel

LATE = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 3600.0)


class WorkFigures:
    """The counters of one worker."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.done = Counter(
            "leadline_work_done", "Due work taken off the list and done, by kind", ["kind"], registry=registry
        )
        self.failed = Counter(
            "leadline_work_failed",
            "Due work that could not be done and was put off, by kind",
            ["kind"],
            registry=registry,
        )
        self.deliveries = Counter(
            "leadline_deliveries",
            "Tries to tell someone of an event, by channel and outcome",
            ["channel", "outcome"],
            registry=registry,
        )
        self.delivery_seconds = Histogram(
            "leadline_delivery_seconds",
            "Seconds from handing an event on until it arrived, by channel",
            ["channel"],
            buckets=LATE,
            registry=registry,
        )
        self.late = Histogram(
            "leadline_work_late_seconds",
            "Seconds between the time work fell due and its being done",
            ["kind"],
            buckets=LATE,
            registry=registry,
        )
        self.shadow = Counter(
            "leadline_shadow_decisions",
            "Decisions that a candidate scored in silence, those it failed on, and stops for want of database or model",
            ["outcome"],
            registry=registry,
        )

    def delivered(self, channel: Channel, arrived: bool, seconds: float) -> None:
        """Counts a try, and how long it took to arrive."""
        self.deliveries.labels(channel, "delivered" if arrived else "failed").inc()
        if arrived:
            self.delivery_seconds.labels(channel).observe(seconds)
