"""Alive, ready, and the figures."""

import shutil
from contextlib import closing
from pathlib import Path

from api.health_documents import STATE
from store.database import connect
from tests.api.builders import HOT, House, house_on


def test_a_furnished_house_is_ready(each_house: House) -> None:
    state = each_house.client.get("/readyz").json

    assert STATE.validate(state) == {}
    assert (state["ready"], state["model"], state["playbook"]) == (True, "2026-03-01.1", 1)


def test_an_empty_house_is_alive_and_not_ready(sqlite_template: Path, tmp_path: Path) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "empty.db")
    with closing(house_on(connect(f"sqlite:///{tmp_path / 'empty.db'}"), {}, tmp_path)) as house:
        alive, ready = house.client.get("/healthz"), house.client.get("/readyz")

    assert alive.status_code == 200
    assert (ready.status_code, ready.json["ready"]) == (503, False)
    assert ready.json["checks"]["serving"].startswith("no model is promoted")


def test_a_house_whose_database_is_gone_is_not_ready(tmp_path: Path) -> None:
    with closing(house_on(connect(f"sqlite:///{tmp_path / 'nowhere' / 'x.db'}"), {}, tmp_path)) as house:
        ready = house.client.get("/readyz")

    assert ready.json["checks"] == {"database": "cannot be read (OperationalError)"}


def test_leads_are_counted_by_door_and_outcome(house: House) -> None:
    house.post("/v1/leads", HOT)
    house.client.post(house.form, json={"email": "x"})

    figures = house.client.get("/metrics").text

    assert 'leadline_leads_total{door="crm",outcome="routed"} 1.0' in figures
    assert 'leadline_leads_total{door="form",outcome="refused"} 1.0' in figures
    assert 'leadline_request_seconds_count{method="POST",route="/v1/leads",status="201"} 1.0' in figures


def test_the_figures_name_the_playbook_in_force(house: House) -> None:
    house.get("/v1/leads")
    house.post("/v1/score", HOT)

    assert "leadline_playbook_version 1.0" in house.client.get("/metrics").text


def test_an_unknown_address_does_not_become_a_label(house: House) -> None:
    house.client.get("/nowhere/ann@big.example")

    assert "ann@" not in house.client.get("/metrics").text
