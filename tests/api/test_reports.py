"""The reports, over HTTP and at the command line."""

from datetime import timedelta
from pathlib import Path

import pytest

from api.report_documents import AGREEMENT_REPORT, FAIRNESS_REPORT, SLA_REPORT
from tests.api.builders import HOT, House, Run, printed
from tests.api.test_moves import move

MINUTE = timedelta(minutes=1)


def sell(house: House, count: int, *, first: int = 0) -> None:
    """Lets hot leads arrive, ten minutes apart: every other is answered at once and won, the rest too late."""
    for number in range(first, first + count):
        lead_id = house.post("/v1/leads", {**HOT, "email": f"p{number}@c{number}.example"}).json["lead_id"]
        house.clock.forward((1 if number % 2 == 0 else 30) * MINUTE)
        move(house, lead_id, "contact", {"how": "call"})
        if number % 2 == 0:
            move(house, lead_id, "outcome", {"outcome": "won", "amount": 1000})


def test_the_agreement_is_measured_on_both_sides(each_house: House) -> None:
    sell(each_house, 4)

    answered = each_house.get("/v1/reports/agreement")

    assert (answered.status_code, AGREEMENT_REPORT.validate(answered.json)) == (200, {})
    assert [(one["promised"], one["delivered"]) for one in answered.json["marketing"]] == [(400, 4), (60, 4)]
    hot = next(one for one in answered.json["sales"] if (one["duty"], one["of"]) == ("respond", "SLA hot"))
    assert (hot["kept"], hot["broken"], hot["open"], hot["share"], hot["period"]["name"]) == (2, 2, 0, 0.5, "2026-11")
    assert hot["state"] == "too early"


def test_a_past_period_is_told_as_it_ended(house: House) -> None:
    sell(house, 2)

    report = house.get("/v1/reports/agreement?period=2026-10").json

    assert [(one["delivered"], one["state"]) for one in report["marketing"]] == [(0, "missed"), (0, "missed")]
    assert (report["at"], report["marketing"][0]["text"]) == ("2026-11-24T10:31:00+00:00", "missed by 400: 0 of 400")


def test_response_times_are_told_by_team_sla_and_rep(house: House) -> None:
    sell(house, 4)

    answered = house.get("/v1/reports/sla?period=2026-W48", kind="ops")

    assert SLA_REPORT.validate(answered.json) == {}
    everything = answered.json["responses"][0]
    assert [everything[name] for name in ("handed", "in_time", "late", "open")] == [4, 2, 2, 0]
    assert (everything["working"]["median"], everything["working"]["most"]) == (60.0, 1800.0)


def test_shares_are_told_by_rep(house: House) -> None:
    sell(house, 4)

    report = house.get("/v1/reports/fairness").json

    assert FAIRNESS_REPORT.validate(report) == {}
    emea = {row["rep"]: (row["assigned"], row["due"]) for row in report["reps"] if row["team"] == "emea-enterprise"}
    assert emea == {"Ana": (2, 2.0), "Ben": (1, 1.0), "Chloe": (1, 1.0)}


@pytest.mark.parametrize(
    ("report", "first"),
    [
        (
            "agreement",
            (
                "side,promise,of,period,promised,so_far,kept,broken,open,expected,low,high,from_campaigns,likely,state,text,"
                "drivers"
            ),
        ),
        (
            "sla",
            (
                "period,by,value,handed,in_time,late,open,share,system_median,system_p90,working_median,working_p90,"
                "waited_median,waited_p90"
            ),
        ),
        ("fairness", "period,team,rep,weight,assigned,passed_on,credit,due,deviation"),
    ],
)
def test_reports_come_as_csv_with_a_row_for_each_line_of_their_json(house: House, report: str, first: str) -> None:
    sell(house, 4)

    answered = house.get(f"/v1/reports/{report}?format=csv")
    told = house.get(f"/v1/reports/{report}").json

    header, *rows = answered.text.splitlines()
    rows_told = sum(len(told.get(part, ())) for part in ("marketing", "sales", "responses", "reps"))
    assert (answered.mimetype, header, len(rows)) == ("text/csv", first, rows_told)


def test_leads_that_another_had_first_are_told_beside_the_shares(each_house: House) -> None:
    lead_id = each_house.post("/v1/leads", HOT).json["lead_id"]
    move(each_house, lead_id, "reassign", {})

    reps = each_house.get("/v1/reports/fairness").json["reps"]

    emea = [(row["assigned"], row["passed_on"]) for row in reps if row["team"] == "emea-enterprise"]
    assert sorted(emea) == [(0, 0), (1, 0), (1, 1)]


@pytest.mark.parametrize("report", ["agreement", "sla", "fairness"])
def test_what_names_no_period_is_told_with_the_remedy(house: House, report: str) -> None:
    answered = house.get(f"/v1/reports/{report}?period=2026-13")

    assert answered.status_code == 422
    assert answered.json["errors"] == [
        {
            "field": "period",
            "message": "'2026-13' is no period; write a month as 2026-11, a quarter as 2026-Q4, a week as 2026-W48",
        }
    ]


def test_shares_are_counted_by_month_alone(house: House) -> None:
    answered = house.get("/v1/reports/fairness?period=2026-W48")

    assert (answered.status_code, answered.json["errors"][0]["field"]) == (422, "period")


@pytest.mark.parametrize("report", ["agreement", "sla", "fairness"])
def test_reports_are_for_crm_and_ops(house: House, report: str) -> None:
    assert house.get(f"/v1/reports/{report}", kind="analyst").status_code == 403


@pytest.mark.parametrize("report", ["agreement", "sla", "fairness"])
def test_the_command_line_tells_the_same(home: Path, run: Run, report: str) -> None:
    told, as_json = run("report", report), run("report", report, "--json")

    assert (told.exit_code, told.output != "") == (0, True)
    schemas = {"agreement": AGREEMENT_REPORT, "sla": SLA_REPORT, "fairness": FAIRNESS_REPORT}
    assert schemas[report].validate(printed(as_json)) == {}


def test_the_command_line_says_what_a_period_is(home: Path, run: Run) -> None:
    refused = run("report", "sla", "--period", "November")

    assert (refused.exit_code, refused.stderr) == (
        1,
        "Error: 'November' is no period; write a month as 2026-11, a quarter as 2026-Q4, a week as 2026-W48\n",
    )
