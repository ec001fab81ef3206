"""Comparing playbooks as a job."""

from pathlib import Path
from typing import Any

import pytest

from api.diff.schema import COMPARISON
from api.job_documents import JOB, NO_WORKER
from api.jobs.desk import Desk
from api.jobs.kinds import perform
from api.settings import Settings
from rules.sample import sample_playbook
from store.jobs import begin_job
from store.playbooks import publish
from tests.api.builders import HOT, NOW, Answered, House

LONGER = sample_playbook().replace("respond_within: 15m", "respond_within: 30m")


def asked(house: House, query: str, text: str = LONGER) -> Answered:
    """What the door says of a playbook."""
    headers = {**house.bearer("ops"), "Content-Type": "text/yaml"}
    return house.client.post(f"/v1/playbook/diff{query}", data=text.encode(), headers=headers)


def arrived(house: House, *names: str) -> list[str]:
    """The ids of hot leads that come in."""
    return [house.post("/v1/leads", {**HOT, "email": f"ann@{name}.example"}).json["lead_id"] for name in names]


def done(house: House, job_id: str, home: Path) -> Any:
    """What comes of a job, done here and now."""
    url = house.database.engine.url.render_as_string(hide_password=False)
    with house.database.begin() as tx:
        turn = begin_job(tx, job_id, NOW)
    assert turn is not None
    perform(Desk(settings=Settings(home=home, database_url=url), database=house.database, job=turn))
    return house.get(f"/v1/jobs/{job_id}", kind="ops").json["result"]


def test_a_job_comes_to_what_the_door_would_have_answered_then(each_house: House, tmp_path: Path) -> None:
    """Whatever was decided and published since."""
    arrived(each_house, "one", "two", "three")
    answered = asked(each_house, "?limit=2").json
    job = asked(each_house, "?limit=2&background=true")
    each_house.clock.now = NOW.replace(hour=11)
    arrived(each_house, "four")
    with each_house.database.begin() as tx:
        publish(tx, LONGER, by="test", because="test", now=NOW)

    result = done(each_house, job.json["id"], tmp_path)

    assert (job.status_code, JOB.validate(job.json), job.json["kind"]) == (202, {}, "diff")
    assert (COMPARISON.validate(result), result["decisions"]) == ({}, 2)
    assert result == answered


def test_a_job_waits_with_the_playbook_and_says_that_no_worker_runs(house: House) -> None:
    job = asked(house, "?limit=5001").json
    listed = house.get("/v1/jobs", kind="ops").json

    assert (job["state"], job["doing"], job["result"]) == ("queued", NO_WORKER, None)
    assert (job["params"]["playbook"], job["params"]["old"]) == (LONGER, 1)
    assert (listed["workers"], [one["doing"] for one in listed["jobs"]]) == (0, [NO_WORKER])


@pytest.mark.parametrize(
    ("query", "text", "field"),
    [
        ("?limit=5001&background=false", LONGER, "limit"),
        ("?background=later", LONGER, "background"),
        ("?background=true", LONGER.replace("respond_within: 30m", "respond_within: soon"), ""),
    ],
)
def test_what_makes_no_sense_is_refused_at_once(house: House, query: str, text: str, field: str) -> None:
    answer = asked(house, query, text)

    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    assert house.get("/v1/jobs", kind="ops").json["jobs"] == []


def test_who_is_erased_goes_from_what_comparisons_told(each_house: House, tmp_path: Path) -> None:
    """The counts stay."""
    gone, stays = arrived(each_house, "one", "two")
    job = asked(each_house, "?background=true").json
    before = done(each_house, job["id"], tmp_path)

    each_house.client.delete(f"/v1/leads/{gone}", headers=each_house.bearer("admin"))

    after = each_house.get(f"/v1/jobs/{job['id']}", kind="ops").json["result"]
    assert {move["lead"] for move in before["moves"]} == {gone, stays}
    assert {move["lead"] for move in (*after["moves"], *after["surprises"])} == {stays}
    assert after["moved"] == before["moved"]
