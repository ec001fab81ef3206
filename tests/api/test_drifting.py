"""Drift measured on what is kept, and where its figures stand."""

from dataclasses import replace
from datetime import timedelta
from itertools import cycle, islice

from api.drifting import EVERY, drift_once, measured_drift
from models.population import population_of
from scoring.facts import Facts
from store.models import add_version, champion_name, promote, version
from tests.api.builders import NOW, House, Run, model, printed
from tests.builders import facts

SECOND = "2026-11-24.1"
SOURCES = ("webinar", "demo_request", "flyer", "webinar")


def learned(house: House) -> None:
    """Puts a version into force that learned from leads of the SOURCES."""
    made = model(SECOND)
    population: list[Facts] = [facts(source=source, employees=50, email_kind="company") for source in SOURCES * 100]
    with house.database.begin() as tx:
        add_version(tx, replace(made, population=population_of(made.scorecard, population)))
        promote(tx, SECOND, by="test", because="test", now=NOW)


def arrive(house: House, count: int, *sources: str) -> list[str]:
    """Lets leads arrive, and returns their ids."""
    house.clock.forward(timedelta(seconds=10))
    lines = [
        {"email": f"ann@a{number}.example", "source": source, "attributes": {"employees": 50}}
        for number, source in enumerate(islice(cycle(sources), count))
    ]
    return [house.post("/v1/leads", line).json["lead_id"] for line in lines]


def test_leads_of_the_period_are_counted_once_as_they_first_were(each_house: House) -> None:
    learned(each_house)
    arrive(each_house, 5, "webinar")
    each_house.clock.forward(timedelta(days=40))
    since = each_house.clock.now
    ids = arrive(each_house, 8, *SOURCES)
    for lead_id in ids:
        each_house.post(f"/v1/leads/{lead_id}/activities", {"kind": "webinar"})

    with each_house.database.read() as tx:
        found = measured_drift(tx, since)

    source = next(shift for shift in found.attributes if shift.name == "source")
    assert (found.version, found.leads, source.psi < 0.1) == (SECOND, 8, True)


def test_a_worker_measures_once_an_hour_and_metrics_show_it(each_house: House) -> None:
    learned(each_house)
    arrive(each_house, 120, "webinar")
    silent = each_house.client.get("/metrics").text

    first = drift_once(each_house.database, each_house.clock.now)
    again = drift_once(each_house.database, each_house.clock.now + EVERY / 2)
    later = drift_once(each_house.database, each_house.clock.now + EVERY)
    shown = each_house.client.get("/metrics").text

    assert (first is None, again, later is None) == (False, None, False)
    assert "leadline_drift" not in silent
    assert 'leadline_drift_psi{of="attribute source"} ' in shown
    assert 'leadline_drift_psi{of="score"}' in shown
    assert "leadline_drift_leads 120.0" in shown


def test_outcomes_check_the_probabilities(house: House) -> None:
    learned(house)
    for number, lead_id in enumerate(arrive(house, 60, "demo_request")):
        lost = {"outcome": "lost", "reason": "no decision"}
        house.post(f"/v1/leads/{lead_id}/outcome", {"outcome": "won"} if number < 3 else lost)

    drift_once(house.database, house.clock.now)

    shown = house.client.get("/metrics").text
    assert 'leadline_won_rate{rate="observed"} 0.05' in shown
    assert 'leadline_won_rate{rate="expected"} 0.' in shown


def test_without_a_model_there_is_no_drift(house: House) -> None:
    with house.database.begin() as tx:
        tx.exec_driver_sql("UPDATE model_versions SET state = 'retired'")
        assert champion_name(tx) is None

    assert drift_once(house.database, house.clock.now) is None


def test_the_verb_says_what_to_do(run: Run, house: House) -> None:
    learned(house)
    arrive(house, 120, "flyer")

    said = printed(run("models", "drift", "--since", "3650d", "--json"))
    shown = run("models", "drift", "--since", "3650d").stdout

    assert (said["version"], said["leads"], said["attributes"]["source"]["is"]) == (SECOND, 120, "drifted")
    assert said["attributes"]["employees"]["psi"] < 0.01
    assert shown.splitlines()[0] == f"Model {SECOND}, 120 leads of the last 3650d"
    assert said["advice"][0] in shown
    assert "source" in said["advice"][0]


def test_a_span_that_is_none_is_wrong_usage(run: Run, house: House) -> None:
    assert run("models", "drift", "--since", "yesterday").exit_code == 2


def test_a_version_survives_with_its_population(house: House) -> None:
    learned(house)

    with house.database.read() as tx:
        assert version(tx, SECOND).population["source"] == (100, 200, 100, 0)
