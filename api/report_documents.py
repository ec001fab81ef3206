"""What the reports answer, as schemas; spans are seconds."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
from marshmallow import Schema, fields


def report_document(report: object) -> bytes:
    """A report as JSON: its fields by their names, instants as RFC 3339, spans as seconds."""
    return orjson.dumps(report, default=_seconds)


def _seconds(value: object) -> object:
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no place in a report")


def _text(about: str, *, none: bool = False) -> fields.String:
    return fields.String(required=True, allow_none=none, metadata={"description": about})


def _number(about: str, *, none: bool = False) -> fields.Float:
    return fields.Float(required=True, allow_none=none, metadata={"description": about})


def _whole(about: str, *, none: bool = False) -> fields.Integer:
    return fields.Integer(required=True, allow_none=none, metadata={"description": about})


def _instant(about: str) -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, metadata={"description": about})


def _nested(schema: type[Schema], about: str, *, none: bool = False) -> fields.Nested:
    return fields.Nested(schema, required=True, allow_none=none, metadata={"description": about})


def _list(schema: type[Schema], about: str) -> "fields.List[Any]":
    return fields.List(fields.Nested(schema), required=True, metadata={"description": about})


class StretchSchema(Schema):
    """A week, month or quarter."""

    name = _text("2026-W48, 2026-11 or 2026-Q4")
    per = _text("week, month or quarter")
    start = _instant("Its first instant")
    end = _instant("The first instant after it")
    timezone = _text("In which its days begin")


class ProjectionSchema(Schema):
    """What is expected at the end of the period."""

    value = _number("The value in the middle of what is to be expected")
    low = _number("Nine times of ten it is at least this")
    high = _number("and at most this")
    likely = _number("How likely the promise is kept, 0 to 1")


class DriverSchema(Schema):
    """What drives a miss."""

    dimension = _text("source, campaign, team, rep, hour or weekday")
    value = _text("Which one")
    missed = _whole("Promises broken, or leads that did not come")
    of = _whole("Of so many")
    excess = _number("How many more than agreed, or than to be expected")
    chance = _number("How often chance alone would do it, 0 to 1")


class DeliveredSchema(Schema):
    """A promise of marketing."""

    of = _text("Which leads count, in words")
    period = _nested(StretchSchema, "In which period")
    promised = _whole("How many leads")
    delivered = _whole("How many so far")
    projection = _nested(ProjectionSchema, "What it will come to")
    state = _text("on course, in danger, too early, kept or missed")
    drivers = _list(DriverSchema, "What brings fewer leads than in the eight weeks before")


class DoneSchema(Schema):
    """A promise of sales."""

    duty = _text("respond, attempt, accept or give_outcome")
    of = _text("Which leads count, in words")
    period = _nested(StretchSchema, "In which period")
    promised = _number("For which share of the leads, 0 to 1")
    kept = _whole("Leads for which it was kept")
    broken = _whole("Leads for which it was broken")
    open = _whole("Leads for which it can still be kept")
    share = _number("kept of those decided, null while none is", none=True)
    projection = _nested(ProjectionSchema, "What the share will come to")
    state = _text("on course, in danger, too early, kept or missed")
    drivers = _list(DriverSchema, "Who and what broke more promises than agreed")


class WinRateSchema(Schema):
    """How many leads of a grade are won."""

    grade = _text("The grade")
    won = _whole("Leads won")
    decided = _whole("of so many that are decided")
    rate = _number("The share, drawn towards that of all grades while there are few")


class NeedSchema(Schema):
    """What a team's quota needs."""

    team = _text("The team")
    period = _nested(StretchSchema, "In which period")
    revenue = _number("The quota")
    deal_size = _number("What a deal is worth by the playbook")
    observed_deal_size = _number("What won deals were worth; null while there are few", none=True)
    wins = _number("Deals that the quota needs")
    leads = _number("Leads that it needs as they come now; null while nothing was won", none=True)
    by_grade = fields.Dict(required=True, metadata={"description": "Leads it would need if all had this grade"})
    win_rates = _list(WinRateSchema, "By grade")
    comes = _number("Leads that the period will bring to the team")
    takes = _whole("Leads that its reps can take; null where one has no limit", none=True)


class AgreementReportSchema(Schema):
    """Both sides of the agreement."""

    at = _instant("As of when")
    period = _text("The period asked for")
    playbook = _whole("The playbook whose agreement this is")
    marketing = _list(DeliveredSchema, "What marketing promised")
    sales = _list(DoneSchema, "What sales promised")
    quotas = _list(NeedSchema, "What the teams' quotas need")


class DelaySchema(Schema):
    """How long leads waited, in seconds."""

    median = _number("Half of them no longer")
    p90 = _number("Nine of ten no longer")
    most = _number("None longer")


class ResponseSchema(Schema):
    """How some leads were answered."""

    by = _text("all, team, sla or rep")
    value = _text("Which one")
    handed = _whole("Leads handed to sales")
    in_time = _whole("answered in time")
    late = _whole("not answered in time")
    open = _whole("not yet answered, still in time")
    share = _number("in time of those decided; null while none is", none=True)
    system = _nested(DelaySchema, "From receiving a lead to handing it out", none=True)
    working = _nested(DelaySchema, "Working time from then to the first contact", none=True)
    waited = _nested(DelaySchema, "All time from then to the first contact", none=True)


class SlaReportSchema(Schema):
    """How fast sales answers."""

    period = _text("The period")
    responses = _list(ResponseSchema, "All leads, then by team, SLA and rep")


class RepShareSchema(Schema):
    """A rep's share of the team's leads in a month."""

    team = _text("The team")
    rep = _text("The rep")
    weight = _number("The rep's weight")
    assigned = _whole("Leads assigned")
    credit = _number("Leads credited for absences, or for coming later")
    due = _number("The share by weight, in leads")
    deviation = _number("assigned and credit less due, in leads")


class FairnessReportSchema(Schema):
    """What each rep had against their share."""

    period = _text("The month")
    reps = _list(RepShareSchema, "Every rep of the playbook")
    largest_deviation = _number("The largest deviation, in leads")


AGREEMENT_REPORT = AgreementReportSchema()
SLA_REPORT = SlaReportSchema()
FAIRNESS_REPORT = FairnessReportSchema()
