"""Sample leads at the doors of a real server, and what sample sales makes of them."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from threading import Thread

import pytest
from werkzeug.serving import make_server

from api.arrivals import arrivals, arrive
from api.caller import Doors
from api.selling import Sales, Step
from tests.api.builders import House, Run


@contextmanager
def served(house: House) -> Iterator[str]:
    """The address at which a house answers over HTTP."""
    server = make_server("127.0.0.1", 0, house.app)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_sample_leads_are_worked_and_outcomes_come_back(house: House) -> None:
    """Every lead is kept; of those that sales got, some are won, some lost, some still worked."""
    with served(house) as url:
        doors = Doors(url=url, form_key=house.keys["form"], crm_key=house.keys["crm"])
        came = sum(arrive(doors, arrivals(60, 3, house.clock()), 3))

    states = Counter(lead["state"] for lead in house.get("/v1/leads?limit=200").json["leads"])
    assert (came, sum(states.values())) == (60, 60)
    assert {"nurture", "won", "lost"} <= set(states)
    assert states.keys() & {"assigned", "accepted", "contacted"}


def test_the_verb_lets_as_many_arrive_as_are_asked_for(run: Run, house: House) -> None:
    keys = ("--form-key", house.keys["form"], "--crm-key", house.keys["crm"])

    with served(house) as url:
        result = run("demo", "--leads", 4, "--rate", 1000, "--url", url, *keys)

    assert result.exit_code == 0
    assert len(house.get("/v1/leads").json["leads"]) == 4


def test_a_server_that_is_not_there_is_a_clear_error(run: Run) -> None:
    result = run("demo", "--url", "http://127.0.0.1:9", "--form-key", "f", "--crm-key", "c", "--leads", 1)

    assert result.exit_code == 1
    assert "Sample leads stopped arriving: http://127.0.0.1:9 does not answer" in result.stderr


def test_without_keys_the_demo_says_which_it_needs(run: Run) -> None:
    assert "no sample keys are here; give --form-key and --crm-key" in run("demo").stderr


@pytest.mark.parametrize(("buys", "outcome"), [(True, "won"), (False, "lost")])
def test_who_buys_is_won_and_who_does_not_is_lost(buys: bool, outcome: str) -> None:
    """Or has no outcome yet; a lead that ends is contacted first."""
    sales = Sales(Random(1))

    lives = [sales.steps(buys=buys) for _ in range(300)]

    ended = [steps for steps in lives if steps and steps[-1].kind == "outcome"]
    assert {steps[-1].body["outcome"] for steps in ended} == {outcome}
    assert all("contact" in {step.kind for step in steps} for steps in ended)
    assert 150 < len(ended) < 280


def test_what_sales_does_is_the_same_for_the_same_chance() -> None:
    def lives() -> list[tuple[Step, ...]]:
        sales = Sales(Random(7))
        return [sales.steps(buys=buys) for buys in (True, False) * 10]

    assert lives() == lives()
