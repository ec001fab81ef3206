"""What is served keeps up with the store, and the last good of it goes on."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import update

from api.errors import NotReadyError
from api.metrics import Metrics
from api.serving import Serving, read_served
from rules.problems import PlaybookError
from rules.sample import sample_playbook
from store.database import Database
from store.models import add_version, promote
from store.playbooks import publish
from store.tables import playbook_versions
from tests.api.builders import NOW, furnish, model

MISSPELT = r"playbook 2:1:1: .*versoin.*did you mean 'version'"


class Seconds:
    """A stopwatch that is moved by hand."""

    def __init__(self) -> None:
        self.passed = 100.0

    def __call__(self) -> float:
        """The seconds passed."""
        return self.passed


def serving_on(database: Database, seconds: Seconds, metrics: Metrics | None = None) -> Serving:
    """What is served from a database, by a stopwatch."""
    return Serving(database, metrics or Metrics(), monotonic=seconds)


def break_playbook(database: Database) -> None:
    """Puts a playbook into force that cannot be read, as no verb would."""
    with database.begin() as tx:
        number = publish(tx, "version: 1", by="test", because="test", now=NOW)
        tx.execute(update(playbook_versions).where(playbook_versions.c.number == number).values(text="versoin: 1"))


def test_a_new_playbook_is_in_force_within_two_seconds(database: Database) -> None:
    furnish(database)
    seconds = Seconds()
    serving = serving_on(database, seconds)
    before = serving.current().playbook.playbook.number

    with database.begin() as tx:
        publish(tx, sample_playbook(), by="test", because="test", now=NOW)
    seconds.passed += 2

    assert (before, serving.current().playbook.playbook.number) == (1, 2)


def test_a_new_champion_is_in_force_within_two_seconds(database: Database) -> None:
    furnish(database)
    seconds = Seconds()
    serving = serving_on(database, seconds)
    before = serving.current().scorecard.version

    with database.begin() as tx:
        add_version(tx, model("2026-11-24.1"))
        promote(tx, "2026-11-24.1", by="test", because="test", now=NOW)
    seconds.passed += 2

    assert (before, serving.current().scorecard.version) == ("2026-03-01.1", "2026-11-24.1")


def test_those_who_come_first_at_once_all_wait_for_what_is_served(database: Database) -> None:
    furnish(database)
    serving = serving_on(database, Seconds())
    together = Barrier(8)

    def come(_: int) -> str:
        together.wait()
        return serving.current().scorecard.version

    with ThreadPoolExecutor(8) as visitors:
        found = list(visitors.map(come, range(8)))

    assert found == ["2026-03-01.1"] * 8


def test_the_store_is_asked_at_most_once_a_second(database: Database) -> None:
    furnish(database)
    seconds = Seconds()
    serving = serving_on(database, seconds)
    first = serving.current()

    with database.begin() as tx:
        publish(tx, sample_playbook(), by="test", because="test", now=NOW)
    seconds.passed += 0.9

    assert serving.current().revision == first.revision


def test_what_did_not_change_is_not_read_again(database: Database) -> None:
    furnish(database)
    seconds = Seconds()
    serving = serving_on(database, seconds)
    first = serving.current()

    seconds.passed += 10

    assert serving.current().playbook.playbook is first.playbook.playbook


def test_a_broken_playbook_is_refused_and_the_last_good_one_goes_on(database: Database) -> None:
    furnish(database)
    seconds = Seconds()
    metrics = Metrics()
    serving = serving_on(database, seconds, metrics)
    good = serving.current()

    break_playbook(database)
    seconds.passed += 2

    assert serving.current().revision == good.revision
    seconds.passed += 2
    assert serving.current().revision == good.revision
    assert metrics.registry.get_sample_value("leadline_refused_versions_total") == 1
    assert re.search(MISSPELT, str(serving.refused))


def test_what_was_refused_is_forgotten_once_something_better_serves(database: Database) -> None:
    furnish(database)
    seconds = Seconds()
    serving = serving_on(database, seconds)
    serving.current()
    break_playbook(database)
    seconds.passed += 2
    serving.current()

    with database.begin() as tx:
        publish(tx, sample_playbook(), by="test", because="test", now=NOW)
    seconds.passed += 4

    assert (serving.current().playbook.playbook.number, serving.refused) == (3, None)


def test_a_start_with_a_broken_playbook_tells_its_problems(database: Database) -> None:
    furnish(database)
    break_playbook(database)

    with pytest.raises(PlaybookError, match=MISSPELT), database.read() as tx:
        read_served(tx)


def test_a_process_that_never_had_a_good_one_says_what_is_broken(database: Database) -> None:
    furnish(database)
    break_playbook(database)

    with pytest.raises(NotReadyError, match=MISSPELT):
        serving_on(database, Seconds()).current()


def test_an_empty_store_is_not_ready(database: Database) -> None:
    with pytest.raises(NotReadyError, match="no model is promoted"):
        serving_on(database, Seconds()).current()


def test_a_house_becomes_ready_without_a_restart(database: Database) -> None:
    seconds = Seconds()
    serving = serving_on(database, seconds)
    with pytest.raises(NotReadyError):
        serving.current()

    furnish(database)
    seconds.passed += 2

    assert serving.current().playbook.playbook.number == 1
