"""The doors of the reports: the agreement, the SLAs, fairness."""

from datetime import datetime

from flask import Blueprint, Response, request

from api.answers import json_answer
from api.desk import desk
from api.operation import Answer, operation
from api.parse import FieldError, InputError, parse_fields
from api.report_csv import Report, report_csv
from api.report_documents import AGREEMENT_REPORT, FAIRNESS_REPORT, SLA_REPORT, report_document
from api.schemas import PeriodSchema
from routing.periods import PeriodError, Stretch, named_stretch, stretch_of
from rules.playbook import Playbook
from store.reports.agreement import agreement_report
from store.reports.fairness import fairness_report
from store.reports.sla import sla_report

PERIOD = PeriodSchema()

reports = Blueprint("reports", __name__)


@reports.get("/v1/reports/agreement")
@operation(
    "Measures both sides of the agreement, with what they will come to and what drives a miss",
    who=("crm", "ops"),
    gives={200: Answer(about="The agreement as it stands", schema=AGREEMENT_REPORT)},
    query=PERIOD,
)
def get_agreement() -> Response:
    """How the agreement stands in a period."""
    playbook, now = desk().serving.current().playbook.playbook, desk().clock()
    asked = parse_fields(PERIOD, request.args)
    period = period_asked(playbook, now, asked.get("period"))
    with desk().database.read() as tx:
        report = agreement_report(tx, playbook, period, now)
    return report_answer("agreement", report, asked.get("format"))


@reports.get("/v1/reports/sla")
@operation(
    "Tells how fast leads are answered, by team, SLA and rep",
    who=("crm", "ops"),
    gives={200: Answer(about="How the leads of the period were answered", schema=SLA_REPORT)},
    query=PERIOD,
)
def get_sla() -> Response:
    """How fast the leads of a period were answered."""
    playbook, now = desk().serving.current().playbook.playbook, desk().clock()
    asked = parse_fields(PERIOD, request.args)
    period = period_asked(playbook, now, asked.get("period"))
    with desk().database.read() as tx:
        report = sla_report(tx, playbook, period)
    return report_answer("sla", report, asked.get("format"))


@reports.get("/v1/reports/fairness")
@operation(
    "Tells what each rep had of the team's leads in a month, against their share",
    who=("crm", "ops"),
    gives={200: Answer(about="Every rep's share", schema=FAIRNESS_REPORT)},
    query=PERIOD,
)
def get_fairness() -> Response:
    """Each rep's share of a month."""
    playbook, now = desk().serving.current().playbook.playbook, desk().clock()
    asked = parse_fields(PERIOD, request.args)
    period = period_asked(playbook, now, asked.get("period"))
    if period.per != "month":
        raise InputError([FieldError(field="period", message="shares are counted by month; write it as 2026-11")])
    with desk().database.read() as tx:
        report = fairness_report(tx, playbook, period.name)
    return report_answer("fairness", report, asked.get("format"))


def period_asked(playbook: Playbook, now: datetime, name: str | None) -> Stretch:
    """The period of a name; this month without one. Raises: InputError for what names none."""
    timezone = playbook.agreement.timezone
    try:
        return stretch_of(now, "month", timezone) if name is None else named_stretch(name, timezone)
    except PeriodError as error:
        raise InputError([FieldError(field="period", message=str(error))]) from None


def report_answer(name: str, report: Report, form: str | None) -> Response:
    """A report as JSON, or as a CSV file where that was asked for."""
    if form != "csv":
        return json_answer(report_document(report))
    kept = f'attachment; filename="{name}-{report.period}.csv"'
    return Response(report_csv(report), mimetype="text/csv", headers={"Content-Disposition": kept})
