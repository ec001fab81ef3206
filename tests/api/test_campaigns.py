"""Campaigns over HTTP and at the command line: planned, told to sales, reported on."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from api.campaign_documents import CAMPAIGN_LIST, CAMPAIGNS_REPORT, KEPT_CAMPAIGN
from api.report_documents import AGREEMENT_REPORT
from store.events import Event
from store.hand_on import hand_on
from store.tables import events
from tests.api.builders import HOT, NOW, Answered, House, Run, printed
from tests.api.test_moves import move

WINTER = {"name": "Winter", "starts_on": "2026-12-01", "ends_on": "2026-12-10", "expected_leads": 300}
MINUTE = timedelta(minutes=1)


def plan(house: House, **over: Any) -> str:
    """The id of the campaign, planned with these fields instead."""
    planned = house.post("/v1/campaigns", {**WINTER, **over})
    assert planned.status_code in (200, 201)
    return str(planned.json["id"])


def cancel(house: House, campaign_id: str) -> Answered:
    """What marketing hears when it cancels a campaign."""
    return house.post(f"/v1/campaigns/{campaign_id}/cancel", None)


def work(house: House) -> None:
    """Hands on what is due by the house's clock."""
    hand_on(house.database, lambda tx, event, now: (), house.clock.now, failed=loud)


def loud(event: Event, error: Exception) -> None:
    """Raises what went wrong."""
    raise error


def cancellations(house: House) -> list[str]:
    """Which campaigns sales was told are cancelled."""
    with house.database.read() as tx:
        rows = tx.execute(select(events.c.payload).where(events.c.kind == "campaign.cancelled"))
        return [row.payload["name"] for row in rows]


def announcements(house: House) -> list[tuple[datetime, Any]]:
    """When sales is told of which plan."""
    told = select(events.c.due_at, events.c.payload).where(events.c.kind == "campaign.announced").order_by(events.c.id)
    with house.database.read() as tx:
        return [(row.due_at, row.payload["expected_leads"]) for row in tx.execute(told)]


def test_a_campaign_is_planned_and_listed(each_house: House) -> None:
    planned = each_house.post("/v1/campaigns", WINTER, kind="ops")
    listed = each_house.get("/v1/campaigns")

    assert (planned.status_code, KEPT_CAMPAIGN.validate(planned.json)) == (201, {})
    assert (planned.json["state"], planned.json["author"], planned.json["deadline"]) == ("planned", "test", False)
    assert CAMPAIGN_LIST.validate(listed.json) == {}
    assert listed.json["campaigns"] == [planned.json]


def test_sales_is_told_two_days_before_it_starts(each_house: House) -> None:
    """At midnight in Berlin, two days before 1 December."""
    each_house.post("/v1/campaigns", WINTER)

    assert announcements(each_house) == [(datetime(2026, 11, 28, 23, 0, tzinfo=UTC), 300)]


def test_a_change_before_sales_was_told_changes_what_it_is_told(house: House) -> None:
    house.post("/v1/campaigns", WINTER)
    changed = house.post("/v1/campaigns", {**WINTER, "starts_on": "2026-12-05", "expected_leads": 900})

    assert changed.status_code == 200
    assert announcements(house) == [(datetime(2026, 12, 2, 23, 0, tzinfo=UTC), 900)]


def test_a_change_after_sales_was_told_is_told_at_once(house: House) -> None:
    house.post("/v1/campaigns", WINTER)
    house.clock.forward(timedelta(days=10))
    house.post("/v1/campaigns", {**WINTER, "expected_leads": 900})
    house.post("/v1/campaigns", {**WINTER, "expected_leads": 900})

    assert announcements(house) == [(datetime(2026, 11, 28, 23, 0, tzinfo=UTC), 300), (NOW + timedelta(days=10), 900)]


def test_a_name_in_another_case_is_the_same_campaign(each_house: House) -> None:
    first = each_house.post("/v1/campaigns", WINTER).json
    second = each_house.post("/v1/campaigns", {**WINTER, "name": "WINTER ", "expected_leads": 500})

    assert (second.status_code, second.json["id"], second.json["expected_leads"]) == (200, first["id"], 500)


def test_campaigns_that_nobody_could_tell_apart_are_refused(house: House) -> None:
    house.post("/v1/campaigns", {**WINTER, "utm_campaign": "brand"})
    clash = house.post("/v1/campaigns", {**WINTER, "name": "Brand", "starts_on": "2026-12-10", "ends_on": "2026-12-20"})
    later = house.post("/v1/campaigns", {**WINTER, "name": "Brand", "starts_on": "2026-12-11", "ends_on": "2026-12-20"})

    assert (clash.status_code, later.status_code) == (422, 201)
    assert clash.json["errors"] == [
        {
            "field": "utm_campaign",
            "message": "Winter, which runs from 2026-12-01 to 2026-12-10, is named alike, so nobody could tell whose a "
            "lead is; give this one a utm_campaign of its own, or other days",
        }
    ]


def test_nobody_is_told_of_a_campaign_that_is_over(house: House) -> None:
    past = house.post("/v1/campaigns", {**WINTER, "starts_on": "2026-11-01", "ends_on": "2026-11-23"})

    assert (past.json["state"], announcements(house)) == ("ended", [])


def test_a_campaign_planned_by_mistake_is_cancelled_and_sales_never_hears_of_it(each_house: House) -> None:
    cancelled = cancel(each_house, plan(each_house))
    listed = each_house.get("/v1/campaigns").json["campaigns"]

    assert (cancelled.status_code, KEPT_CAMPAIGN.validate(cancelled.json)) == (200, {})
    assert (cancelled.json["state"], listed) == ("cancelled", [cancelled.json])
    assert (announcements(each_house), cancellations(each_house)) == ([], [])


def test_whoever_was_told_of_a_campaign_is_told_that_it_is_cancelled(each_house: House) -> None:
    campaign_id = plan(each_house)
    each_house.clock.forward(timedelta(days=5))
    work(each_house)
    cancel(each_house, campaign_id)

    assert (len(announcements(each_house)), cancellations(each_house)) == (1, ["Winter"])


def test_sales_hears_of_the_end_also_where_a_change_was_still_to_be_told(house: House) -> None:
    campaign_id = plan(house)
    house.clock.forward(timedelta(days=5))
    work(house)
    for leads in (400, 500):
        plan(house, starts_on="2026-12-20", ends_on="2026-12-30", expected_leads=leads)
    cancel(house, campaign_id)

    assert (len(announcements(house)), cancellations(house)) == (1, ["Winter"])


def test_what_is_cancelled_counts_nowhere_and_can_be_planned_anew(house: House) -> None:
    """Its utm_campaign is free meanwhile, and sales hears of the new one as of any other."""
    campaign_id = plan(house, utm_campaign="brand")
    cancel(house, campaign_id)
    other = house.post("/v1/campaigns", {**WINTER, "name": "Brand"})
    report = house.get("/v1/reports/campaigns?period=2026-12").json
    again = house.post("/v1/campaigns", WINTER)

    assert [one["name"] for one in report["campaigns"]] == ["Brand"]
    assert {one["campaign"] for one in report["ahead"]} == {"Brand"}
    assert (other.status_code, again.status_code, again.json["id"], again.json["state"]) == (
        *(201, 201, campaign_id),
        "planned",
    )
    assert len(announcements(house)) == 2


@pytest.mark.parametrize(
    ("days", "leads", "message"),
    [
        (
            *(8, [{"campaign": "winter"}, {"utm_campaign": "WINTER"}, {}]),
            (
                "Winter has brought 2 leads and stays in the reports; possible are other days and an earlier end: post "
                "it again, or `leadline campaigns end`."
            ),
        ),
        (0, [{"campaign": "Winter"}], "Winter has brought 1 lead and stays in the reports; possible are other days"),
        (20, [], "Winter ended on 2026-12-10 and stays in the reports."),
    ],
)
def test_what_ran_or_brought_leads_cannot_be_cancelled(
    each_house: House, days: int, leads: list[dict[str, str]], message: str
) -> None:
    campaign_id = plan(each_house)
    each_house.clock.forward(timedelta(days=days))
    for number, said in enumerate(leads):
        each_house.post("/v1/leads", {**HOT, **said, "email": f"p{number}@c{number}.example"})

    refused = cancel(each_house, campaign_id)

    assert (refused.status_code, refused.json["detail"].startswith(message)) == (409, True)
    assert each_house.get("/v1/campaigns").json["campaigns"][0]["cancelled_at"] is None


@pytest.mark.parametrize(("starts_on", "status"), [("2026-11-24", 409), ("2026-12-01", 200)])
def test_who_came_before_a_campaign_was_planned_came_by_it_on_its_days_alone(
    each_house: House, starts_on: str, status: int
) -> None:
    """The lead comes on 24 November, and Winter is planned on the 28th."""
    each_house.post("/v1/leads", {**HOT, "campaign": "Winter"})
    each_house.clock.forward(timedelta(days=4))

    assert cancel(each_house, plan(each_house, starts_on=starts_on)).status_code == status


def test_a_campaign_that_was_moved_still_has_the_leads_that_came_since_it_was_first_planned(house: House) -> None:
    campaign_id = plan(house)
    house.post("/v1/leads", {**HOT, "campaign": "Winter"})
    house.clock.forward(timedelta(days=4))
    plan(house, starts_on="2026-12-05")

    assert cancel(house, campaign_id).status_code == 409


def test_a_campaign_is_cancelled_once_and_only_one_that_is_kept(house: House) -> None:
    campaign_id = plan(house)
    answers = [cancel(house, each) for each in (campaign_id, campaign_id, "nonsense")]

    assert [each.status_code for each in answers] == [200, 409, 404]
    assert answers[1].json["detail"] == "Winter is cancelled already; post it again to plan it anew."


def test_campaigns_are_listed_page_by_page(each_house: House) -> None:
    for day in (1, 2, 3):
        each_house.post("/v1/campaigns", {**WINTER, "name": f"C{day}", "starts_on": f"2026-12-0{day}"})

    first = each_house.get("/v1/campaigns?limit=2").json
    rest = each_house.get(f"/v1/campaigns?limit=2&cursor={first['cursor']}").json

    assert [one["name"] for one in first["campaigns"]] == ["C3", "C2"]
    assert ([one["name"] for one in rest["campaigns"]], rest["cursor"]) == (["C1"], None)


def test_who_comes_again_by_another_campaign_counts_for_both_when_they_came(house: House) -> None:
    """Once in November by none, once in December by Winter, whatever the name's case; not in November by Winter."""
    house.post("/v1/campaigns", WINTER)
    house.post("/v1/leads", HOT)
    house.clock.forward(timedelta(days=10))
    house.post("/v1/leads", {**HOT, "campaign": " winter"})

    months = [house.get(f"/v1/reports/campaigns?period={month}").json["campaigns"] for month in ("2026-11", "2026-12")]

    assert [[(one["name"], one["leads"], one["planned"]) for one in month] for month in months] == [
        [(None, 1, None)],
        [("Winter", 1, 300.0)],
    ]


def test_an_erased_person_still_counts_where_they_came_from(house: House) -> None:
    house.post("/v1/campaigns", {**WINTER, "starts_on": "2026-11-23", "utm_campaign": "winter-26"})
    lead_id = house.post("/v1/leads", {**HOT, "utm_campaign": "winter-26"}).json["lead_id"]
    paths = ("/v1/reports/campaigns", "/v1/reports/agreement")
    before = [house.get(path).json for path in paths]
    house.client.delete(f"/v1/leads/{lead_id}", headers=house.bearer("admin"))
    after = [house.get(path).json for path in paths]

    assert [after[0]["campaigns"][0][name] for name in ("name", "leads", "qualified", "handed")] == ["Winter", 1, 1, 1]
    assert [one["delivered"] for one in after[1]["marketing"]] == [one["delivered"] for one in before[1]["marketing"]]


def test_every_field_that_is_wrong_is_named(house: House) -> None:
    answered = house.post(
        "/v1/campaigns",
        {
            "name": " ",
            "starts_on": "2026-13-01",
            "ends_on": "soon",
            "expected_leads": -1,
            "deadline": "yes",
            "utm_campaing": 1,
        },
    )

    assert answered.status_code == 422
    assert {error["field"]: error["message"] for error in answered.json["errors"]} == {
        "name": "required",
        "starts_on": "no such day: month must be in 1..12",
        "ends_on": "a day expected; write it like 2026-12-01",
        "expected_leads": "a whole number from 0 to 1,000,000 expected",
        "deadline": "true or false expected, not text",
        "utm_campaing": "unknown field; did you mean utm_campaign?",
    }


@pytest.mark.parametrize(
    ("ends_on", "message"),
    [
        ("2026-11-30", "before starts_on"),
        ("2028-01-01", "more than a year after starts_on; plan several campaigns"),
    ],
)
def test_a_campaign_ends_after_it_starts_and_within_a_year(house: House, ends_on: str, message: str) -> None:
    answered = house.post("/v1/campaigns", {**WINTER, "ends_on": ends_on})

    assert answered.json["errors"] == [{"field": "ends_on", "message": message}]


def test_the_report_tells_what_a_campaign_brought_and_what_sales_made_of_it(each_house: House) -> None:
    """Leads name a campaign in `campaign` or by its utm_campaign, in any case; others name one nobody planned."""
    plan = {**WINTER, "starts_on": "2026-11-23", "utm_campaign": "winter-26"}
    each_house.post("/v1/campaigns", plan)
    named = [{"campaign": "WINTER"}, {"utm_campaign": "Winter-26"}, {"campaign": "fair"}, {}]
    for number, said in enumerate(named):
        lead = {**HOT, **said, "email": f"p{number}@c{number}.example"}
        lead_id = each_house.post("/v1/leads", lead).json["lead_id"]
        each_house.clock.forward(MINUTE)
        if number == 0:
            move(each_house, lead_id, "contact", {"how": "call"})
            move(each_house, lead_id, "outcome", {"outcome": "won", "amount": 5000})
        if number == 1:
            move(each_house, lead_id, "outcome", {"outcome": "lost", "reason": "no decision"})

    report = each_house.get("/v1/reports/campaigns").json

    assert CAMPAIGNS_REPORT.validate(report) == {}
    found = {one["name"]: one for one in report["campaigns"]}
    assert [(one["name"], one["leads"]) for one in report["campaigns"]] == [("Winter", 2), ("fair", 1), (None, 1)]
    winter = found["Winter"]
    assert [winter[name] for name in ("state", "qualified", "handed", "in_time", "won", "lost")] == [
        *("running", 2, 2, 1, 1, 1)
    ]
    assert (winter["amount"], winter["lost_reasons"], winter["response"]["median"]) == (5000, {"no decision": 1}, 60.0)
    assert (found["fair"]["state"], found["fair"]["expected"]) == (None, None)
    assert {one["campaign"] for one in report["ahead"]} == {"Winter"}


def test_a_campaign_that_brings_more_than_sales_can_take_is_warned_of(house: House) -> None:
    """All leads so far went to the Americas, whose reps take 65 a day; the campaign brings thousands."""
    for number in range(3):
        house.post("/v1/leads", {**HOT, "country": "US", "email": f"p{number}@c{number}.example"})
    house.clock.forward(MINUTE)
    plan(house, expected_leads=5000)

    surges = house.get("/v1/reports/campaigns").json["surges"]

    assert {one["team"] for one in surges} == {"americas"}
    assert (surges[0]["day"], surges[0]["takes"], surges[0]["campaigns"]) == ("2026-12-01", 65.0, ["Winter"])
    assert surges[0]["behind"] > 500


def test_where_a_rep_has_no_limit_what_they_have_shown_is_the_measure(house: House) -> None:
    """Finn and Hugo of the inbound team have none: after four of their leads nobody knows, after nine their best day.

    Seven were answered in time that day: three by Gita, whose limit counts, and four by Finn. Hugo, who is in New York,
    had none; he counts as the two on average.
    """
    plan(house, expected_leads=2000)
    reports = []
    for number in range(9):
        lead = {**HOT, "country": "PL", "email": f"p{number}@c{number}.example"}
        lead_id = house.post("/v1/leads", lead).json["lead_id"]
        house.clock.forward(MINUTE if number < 6 else 20 * MINUTE)
        move(house, lead_id, "contact", {"how": "call"})
        reports.append(house.get("/v1/reports/campaigns").json)

    early, late = reports[3], reports[-1]
    assert (early["surges"], early["untold"]) == ([], ["inbound"])
    first = late["surges"][0]
    assert (first["team"], first["day"], first["unlimited"], late["untold"]) == (
        *("inbound", "2026-12-01", ["Finn", "Hugo"]),
        [],
    )
    assert first["takes"] == 50 + 4 + 4


def test_the_agreement_says_how_many_leads_campaigns_still_bring(each_house: House) -> None:
    """None in the month of Winter's plan while it is cancelled; three hundred of HOT's kind once it is planned."""
    for number in range(20):
        each_house.post("/v1/leads", {**HOT, "email": f"p{number}@c{number}.example"})
    each_house.clock.forward(timedelta(days=1))
    cancel(each_house, plan(each_house))
    path = "/v1/reports/agreement?period=2026-12"
    before = each_house.get(path).json
    plan(each_house)
    after = each_house.get(path).json

    assert AGREEMENT_REPORT.validate(after) == {}
    assert [one["campaigns"] for one in before["marketing"]] == [{}, {}]
    brought = [one["campaigns"]["Winter"] for one in after["marketing"]]
    assert brought == [pytest.approx(293, abs=1)] * 2
    more = [
        one["projection"]["value"] - was["projection"]["value"] for one, was in zip(*told(after, before), strict=True)
    ]
    assert more == [pytest.approx(293, rel=0.1)] * 2
    emea = after["quotas"][0]
    assert (emea["campaigns"]["Winter"], emea["comes"] - before["quotas"][0]["comes"]) == (
        *(pytest.approx(293, abs=1), pytest.approx(293, abs=1)),
    )
    row = next(csv.DictReader(io.StringIO(each_house.get(f"{path}&format=csv").text)))
    assert float(row["from_campaigns"]) == pytest.approx(293, abs=1)


def told(*reports: Any) -> tuple[Any, ...]:
    """What reports tell of marketing's promises."""
    return tuple(report["marketing"] for report in reports)


def test_the_campaigns_come_as_csv_which_no_spreadsheet_takes_for_a_formula(house: House) -> None:
    house.post("/v1/leads", {**HOT, "campaign": "=HYPERLINK(1)"})

    answered = house.get("/v1/reports/campaigns?format=csv")

    assert answered.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answered.text)))
    assert [(row["campaign"], row["leads"], row["qualified"]) for row in rows] == [("'=HYPERLINK(1)", "1", "1")]


def test_the_report_comes_as_nothing_else(house: House) -> None:
    answered = house.get("/v1/reports/campaigns?format=xml")

    assert answered.json["errors"] == [{"field": "format", "message": "json or csv expected, not 'xml'"}]


def test_campaigns_are_planned_and_reported_on_at_the_command_line(home: Path, run: Run) -> None:
    words = ("campaigns", "plan", "Winter", "--from", "2026-12-01", "--to", "2026-12-10", "--leads", "300")

    assert run(*words).output == "Winter is planned: 2026-12-01 to 2026-12-10.\n"
    assert run(*words, "--deadline").output == "Winter is changed: 2026-12-01 to 2026-12-10.\n"
    assert [(one["name"], one["deadline"]) for one in printed(run("campaigns", "list", "--json"))] == [("Winter", True)]
    assert "Winter" in run("report", "campaigns", "--period", "2026-12").output
    assert run("report", "campaigns", "--period", "2026-12", "--csv").output.startswith("period,campaign,state")
    assert CAMPAIGNS_REPORT.validate(printed(run("report", "campaigns", "--json"))) == {}


def test_a_campaign_is_ended_at_the_command_line(home: Path, run: Run) -> None:
    run("campaigns", "plan", "Winter", "--from", "2020-12-01", "--to", "2020-12-10", "--leads", "300")

    ended = run("campaigns", "end", "winter", "--on", "2020-12-05")
    refused = [run("campaigns", "end", name, "--on", "2020-11-30").stderr for name in ("Winter", "Summer")]

    assert ended.output == "Winter ends on 2020-12-05.\n"
    assert refused == [
        "Error: Winter starts on 2020-12-01 and cannot end on 2020-11-30\n",
        "Error: no campaign is called 'Summer'; `leadline campaigns list` names them\n",
    ]


def test_a_campaign_is_cancelled_at_the_command_line(home: Path, run: Run) -> None:
    run("campaigns", "plan", "Winter", "--from", "2098-12-01", "--to", "2098-12-10", "--leads", "300")

    cancelled = run("campaigns", "cancel", "winter")
    refused = [run("campaigns", verb, name).stderr for verb, name in (("cancel", "Winter"), ("end", "Winter"))]

    assert cancelled.output == "Winter is cancelled.\n"
    assert refused == [
        "Error: Winter is cancelled already; post it again to plan it anew\n",
        "Error: Winter is cancelled; `leadline campaigns plan` plans it anew\n",
    ]
    assert [one["state"] for one in printed(run("campaigns", "list", "--json"))] == ["cancelled"]


def test_the_command_line_says_what_is_wrong_with_a_plan(home: Path, run: Run) -> None:
    refused = run("campaigns", "plan", "Winter", "--from", "2026-12-10", "--to", "2026-12-01", "--leads", "300")

    assert (refused.exit_code, refused.stderr) == (1, "Error: ends_on: before starts_on\n")
