"""The doors and verbs of webhooks."""

import pytest

from api.webhook_documents import DELIVERIES, SECRET_WEBHOOK, WEBHOOKS
from store.deliveries import claim_deliveries, mark_delivered
from store.hand_on import hand_on
from tests.api.builders import HOT, NOW, House, Run, printed

URL = "https://crm.example/leadline?tenant=1"
NOWHERE = "019ac0de-0000-7000-8000-000000000000"


def made(house: House, *events: str) -> str:
    """The id of a new webhook."""
    answer = house.post("/v1/webhooks", {"url": URL, "events": events}, kind="admin")
    assert answer.status_code == 201
    return str(answer.json["id"])


def hand_everything_on(house: House) -> None:
    """Does what a worker does with the outbox."""
    hand_on(house.database, lambda *_: (), NOW, failed=lambda event, error: pytest.fail(event.kind))


def test_a_webhook_shows_its_secret_once(house: House) -> None:
    answer = house.post("/v1/webhooks", {"url": URL, "events": ["lead.assigned", "lead.scored"]}, kind="admin")
    shown = house.get(answer.headers["Location"], kind="admin").json
    listed = house.get("/v1/webhooks", kind="admin").json

    assert answer.status_code == 201
    assert SECRET_WEBHOOK.validate(answer.json) == WEBHOOKS.validate(listed) == {}
    assert answer.json["secret"].startswith("whsec_")
    assert listed == {"webhooks": [shown]}
    assert {**shown, "secret": answer.json["secret"]} == answer.json


@pytest.mark.parametrize("kind", ["crm", "analyst", "ops"])
def test_only_admins_have_webhooks(house: House, kind: str) -> None:
    assert house.get("/v1/webhooks", kind=kind).status_code == 403


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({}, {"url": "required", "events": "required"}),
        ({"url": "ftp://crm.example", "events": ["lead.scored"]}, {"url": "an http or https URL expected"}),
        ({"url": "/hook", "events": ["lead.scored"]}, {"url": "an http or https URL expected"}),
        ({"url": "https://a:b@crm.example", "events": ["lead.scored"]}, {"url": "holds a user name or password"}),
        ({"url": "https://crm.example:99999", "events": ["lead.scored"]}, {"url": "not a URL: Port out of range"}),
        ({"url": "https://[::1", "events": ["lead.scored"]}, {"url": "not a URL"}),
        ({"url": "https://crm.example/a b", "events": ["lead.scored"]}, {"url": "holds characters that a URL cannot"}),
        ({"url": 7, "events": []}, {"url": "text expected", "events": "name at least one event"}),
        ({"url": URL, "events": "lead.scored"}, {"events": "a list of events expected"}),
        ({"url": URL, "events": ["lead.lost"]}, {"events.0": "no such event; there are lead.scored"}),
        ({"url": URL, "events": [None]}, {"events.0": "Field may not be null"}),
        ({"url": URL, "events": ["lead.scored"], "shape": "fax"}, {"shape": "no such shape; there are standard"}),
        ({"url": URL, "events": ["lead.scored"], "secrets": 1}, {"secrets": "unknown field"}),
    ],
)
def test_what_makes_no_webhook_is_refused_field_by_field(
    house: House, sent: dict[str, object], errors: dict[str, str]
) -> None:
    answer = house.post("/v1/webhooks", sent, kind="admin")

    found = {error["field"]: error["message"] for error in answer.json["errors"]}
    assert answer.status_code == 422
    assert found.keys() == errors.keys()
    assert all(found[field].startswith(message) for field, message in errors.items()), found


def test_deliveries_are_listed_page_by_page(house: House) -> None:
    webhook_id = made(house, "lead.scored", "lead.assigned")
    house.post("/v1/leads", HOT)
    hand_everything_on(house)
    path = f"/v1/webhooks/{webhook_id}/deliveries"

    first = house.get(f"{path}?limit=1", kind="admin").json
    second = house.get(f"{path}?limit=1&cursor={first['cursor']}", kind="admin").json
    failed = house.get(f"{path}?state=failed", kind="admin").json

    assert DELIVERIES.validate(first) == {}
    assert [each["kind"] for each in (*first["deliveries"], *second["deliveries"])] == ["lead.assigned", "lead.scored"]
    assert (second["cursor"], failed["deliveries"]) == (None, [])


def test_what_was_sent_is_sent_again_when_asked(house: House) -> None:
    webhook_id = made(house, "lead.scored")
    house.post("/v1/leads", HOT)
    hand_everything_on(house)
    with house.database.begin() as tx:
        (delivery,) = claim_deliveries(tx, "webhook", NOW, 10)
        mark_delivered(tx, delivery, NOW, 200)

    failed = house.post(f"/v1/webhooks/{webhook_id}/replay", {}, kind="admin")
    all_of_it = house.post(f"/v1/webhooks/{webhook_id}/replay", {"since": NOW.isoformat()}, kind="admin")

    (listed,) = house.get(f"/v1/webhooks/{webhook_id}/deliveries", kind="admin").json["deliveries"]
    assert (failed.status_code, failed.json, all_of_it.json) == (202, {"deliveries": 0}, {"deliveries": 1})
    assert (listed["state"], listed["attempts"]) == ("pending", 0)


def test_a_webhook_is_disabled_and_enabled(house: House) -> None:
    webhook_id = made(house, "lead.scored")

    disabled = house.post(f"/v1/webhooks/{webhook_id}/disable", None, kind="admin").json
    enabled = house.post(f"/v1/webhooks/{webhook_id}/enable", None, kind="admin").json

    assert (disabled["why"], disabled["disabled_at"]) == ("disabled by hand", NOW.isoformat())
    assert (enabled["why"], enabled["disabled_at"]) == (None, None)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/v1/webhooks/{NOWHERE}", 404),
        (f"/v1/webhooks/{NOWHERE}/deliveries", 404),
        ("/v1/webhooks/%00", 404),
        (f"/v1/webhooks/{NOWHERE}/deliveries?limit=0", 422),
        (f"/v1/webhooks/{NOWHERE}/deliveries?state=lost", 422),
        (f"/v1/webhooks/{NOWHERE}/deliveries?cursor=1", 422),
    ],
)
def test_what_is_not_there_is_a_clear_answer(each_house: House, path: str, status: int) -> None:
    assert each_house.get(path, kind="admin").status_code == status


def test_webhooks_are_kept_by_the_command_line_as_well(run: Run, home: object) -> None:
    added = printed(run("webhooks", "add", URL, "--events", "lead.assigned, sla.breached", "--json"))
    listed = printed(run("webhooks", "list", "--json"))

    assert [each["events"] for each in listed] == [["lead.assigned", "sla.breached"]]
    assert added["secret"].startswith("whsec_")
    assert printed(run("webhooks", "deliveries", added["id"], "--json")) == []
    assert run("webhooks", "replay", added["id"]).output == "0 deliveries are sent again.\n"
    assert run("webhooks", "disable", added["id"]).output == f"Webhook {added['id']} is disabled.\n"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("add", "file:///etc/passwd", "--events", "all"), 2, "an http or https URL expected"),
        (("add", URL, "--events", "lead.lost"), 2, "no event lead.lost; there are lead.scored"),
        (("add", URL, "--events", ","), 2, "no event is named"),
        (("deliveries", NOWHERE), 1, f"webhook '{NOWHERE}' is not kept"),
        (("replay", NOWHERE, "--since", "yesterday"), 2, "'yesterday' does not match the formats"),
    ],
)
def test_mistakes_at_the_command_line_are_clear(
    run: Run, home: object, words: tuple[str, ...], code: int, said: str
) -> None:
    result = run("webhooks", *words)

    assert (result.exit_code, said in result.output) == (code, True)
