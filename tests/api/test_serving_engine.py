"""What is new is read and tried out beside the requests, and Python matches the rules where durable-rules must not."""

import sys
import threading
from typing import Any

import pytest
from structlog.testing import capture_logs

import api.serving
from api.metrics import Metrics
from api.serving import Serving
from rules.engine import with_networks
from rules.evaluate import evaluate
from rules.read import read_playbook
from rules.sample import sample_playbook
from scoring.facts import Facts
from store.database import Database
from store.models import add_version, promote
from store.playbooks import publish
from tests.api.builders import HOT, NOW, House, model
from tests.api.test_serving import Seconds, serving_on

BIG = Facts(values={"employees": 1000})

needs_durable_rules = pytest.mark.skipif(
    sys.version_info >= (3, 13), reason="durable-rules cannot be imported from Python 3.13 on"
)


def another_playbook(industries: int) -> str:
    """The sample with one more rule, which makes networks of its own for each number of industries."""
    listed = ", ".join(map(str, range(industries)))
    rule = f"  - {{name: more, because: test, when: {{industry: [{listed}]}}, then: {{add: 1}}}}"
    return sample_playbook().replace("\nroutes:", f"{rule}\n\nroutes:")


def put_into_force(database: Database, text: str) -> None:
    """Publishes a playbook."""
    with database.begin() as tx:
        publish(tx, text, by="test", because="test", now=NOW)


def settled(serving: Serving) -> str:
    """What matches the rules once nothing is being read or tried out any more."""
    serving.current()
    for thread in threading.enumerate():
        if thread.name == "serving":
            thread.join()
    return serving.current().playbook.matched_by


def figure(metrics: Metrics, name: str) -> float | None:
    """One figure, as Prometheus would read it."""
    return metrics.registry.get_sample_value(name)


@needs_durable_rules
def test_durable_rules_matches_once_its_networks_have_passed_their_trial(house: House) -> None:
    metrics = Metrics()

    assert settled(serving_on(house.database, Seconds(), metrics)) == "durable-rules"
    assert figure(metrics, "leadline_durable_rules") == 1
    assert figure(metrics, "leadline_durable_rules_failures_total") == 0


def test_without_durable_rules_python_matches_and_nothing_is_wrong(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    metrics = Metrics()

    with capture_logs() as logs:
        assert settled(serving_on(house.database, Seconds(), metrics)) == "python"
    assert figure(metrics, "leadline_durable_rules") == 0
    assert figure(metrics, "leadline_durable_rules_failures_total") == 0
    assert logs == []


@needs_durable_rules
def test_a_trial_that_fails_is_logged_and_counted_and_python_matches(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_into_force(house.database, another_playbook(1))
    monkeypatch.setattr(sys, "executable", "/bin/false")
    metrics = Metrics()

    with capture_logs() as logs:
        assert settled(serving_on(house.database, Seconds(), metrics)) == "python"
    assert figure(metrics, "leadline_durable_rules") == 0
    assert figure(metrics, "leadline_durable_rules_failures_total") == 1
    assert logs == [
        {
            "event": "durable_rules_failed",
            "log_level": "error",
            "playbook": 2,
            "matched_by": "python",
            "why": "durable-rules ended its trial with 1: nothing said",
        }
    ]


@needs_durable_rules
def test_networks_that_fail_while_they_serve_are_given_up_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    metrics = Metrics()
    serving = serving_on(house.database, Seconds(), metrics)
    assert settled(serving) == "durable-rules"
    playbook = serving.current().playbook
    monkeypatch.setattr("durable_rules_engine.assert_fact", lambda handle, fact: (303, 0))

    with capture_logs() as logs:
        for _ in range(2):
            assert [fired.name for fired in evaluate(playbook, BIG, NOW).fired] == ["enterprise"]
    assert playbook.matched_by == "python"
    assert figure(metrics, "leadline_durable_rules") == 0
    assert figure(metrics, "leadline_durable_rules_failures_total") == 1
    assert [line["why"] for line in logs] == ["durable-rules failed on a fact: it answered 303"]


class Gate:
    """Lets a function go on only once it is opened, and says when it has been reached."""

    def __init__(self, function: Any) -> None:
        self._function = function
        self.reached = threading.Event()
        self.opened = threading.Event()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the function gives, once the gate is open."""
        self.reached.set()
        self.opened.wait()
        return self._function(*args, **kwargs)


def test_the_last_good_playbook_answers_while_a_new_one_is_being_read(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = Seconds()
    serving = serving_on(house.database, seconds)
    settled(serving)
    seconds.passed += 1.0
    serving.current()
    gate = Gate(read_playbook)
    monkeypatch.setattr(api.serving, "read_playbook", gate)

    put_into_force(house.database, another_playbook(2))
    seconds.passed += 1.0
    meanwhile = serving.current().playbook.playbook.number
    assert gate.reached.wait(30)
    gate.opened.set()
    seconds.passed += 1.0

    assert (meanwhile, serving.current().playbook.playbook.number) == (1, 2)


@needs_durable_rules
def test_a_new_playbook_serves_on_python_while_its_networks_are_being_tried_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(with_networks)
    monkeypatch.setattr(api.serving, "with_networks", gate)
    serving = serving_on(house.database, Seconds())

    meanwhile = serving.current().playbook
    assert gate.reached.wait(30)
    gate.opened.set()

    assert (meanwhile.playbook.number, meanwhile.matched_by, settled(serving)) == (1, "python", "durable-rules")


@needs_durable_rules
def test_networks_that_pass_too_late_are_not_put_under_a_newer_playbook(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(with_networks)
    monkeypatch.setattr(api.serving, "with_networks", gate)
    seconds = Seconds()
    serving = serving_on(house.database, seconds)
    serving.current()
    assert gate.reached.wait(30)

    put_into_force(house.database, another_playbook(3))
    seconds.passed += 2
    serving.current()
    gate.opened.set()

    assert settled(serving) == "durable-rules"
    assert serving.current().playbook.playbook.number == 2


@needs_durable_rules
def test_a_new_champion_keeps_the_playbook_and_its_networks(house: House) -> None:
    seconds = Seconds()
    serving = serving_on(house.database, seconds)
    settled(serving)
    before = serving.current()

    with house.database.begin() as tx:
        add_version(tx, model("2026-11-24.1"))
        promote(tx, "2026-11-24.1", by="test", because="test", now=NOW)
    seconds.passed += 2
    after = serving.current()

    assert (after.scorecard.version, after.playbook is before.playbook) == ("2026-11-24.1", True)


@needs_durable_rules
def test_readiness_names_what_matches_the_rules(house: House) -> None:
    house.post("/v1/score", HOT)
    settled(house.app.extensions["leadline"].serving)

    assert house.client.get("/readyz").json["matched_by"] == "durable-rules"
    assert "leadline_durable_rules 1.0" in house.client.get("/metrics").text
