"""A house to look at, and the sample leads that come to it."""

from collections import Counter
from pathlib import Path

from api.arrivals import arrivals
from api.sample import make_keys, publish_sample, read_keys, write_leads
from store.database import Database
from store.keys import find_key, list_keys, revoke_key
from store.playbooks import active_playbook
from tests.api.builders import NOW, House


def test_the_sample_data_set_is_the_same_each_time(tmp_path: Path) -> None:
    first = write_leads(tmp_path / "a").read_bytes()

    assert first == write_leads(tmp_path / "b").read_bytes()
    assert first.count(b"\n") >= 6_000


def test_sample_keys_are_their_owners_alone_and_made_once(database: Database, tmp_path: Path) -> None:
    made, again = make_keys(tmp_path, database, NOW), make_keys(tmp_path, database, NOW)

    assert (made, again) == (True, False)
    assert (tmp_path / "sample-keys.json").stat().st_mode & 0o777 == 0o600
    assert list(read_keys(tmp_path)) == ["form", "crm", "analyst", "ops", "admin"]


def test_sample_keys_that_are_no_longer_in_force_are_made_anew(database: Database, tmp_path: Path) -> None:
    make_keys(tmp_path, database, NOW)
    with database.begin() as tx:
        for key in list_keys(tx):
            revoke_key(tx, key.id, NOW)

    assert make_keys(tmp_path, database, NOW)
    with database.read() as tx:
        found = [find_key(tx, text) for text in read_keys(tmp_path).values()]
    assert [key is not None and key.revoked_at for key in found] == [None] * 5


def test_a_playbook_in_force_is_not_replaced_by_the_sample(database: Database) -> None:
    first, again = publish_sample(database, NOW), publish_sample(database, NOW)

    with database.read() as tx:
        active = active_playbook(tx)
    assert (first, again, active and active[0]) == (1, None, 1)


def test_every_sample_lead_is_taken_at_its_door(house: House) -> None:
    statuses: Counter[tuple[str, int]] = Counter()
    for number, arrival in enumerate(arrivals(60, 3, NOW)):
        flat = {**arrival.fields, **arrival.attributes}
        statuses["form", house.client.post(house.form, data=flat).status_code] += 1
        body = {"external_id": f"crm-{number}", **arrival.fields, "attributes": arrival.attributes}
        taken = house.post("/v1/leads", body)
        statuses["crm", taken.status_code] += 1
        if arrival.activities:
            done = house.post(f"/v1/leads/{taken.json['lead_id']}/activities", arrival.activities)
            statuses["activities", done.status_code] += 1

    assert set(statuses) == {("form", 303), ("crm", 201), ("activities", 202)}
    assert (statuses["form", 303], statuses["crm", 201]) == (60, 60)
