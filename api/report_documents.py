"""What the reports answer, as schemas; spans are seconds."""

from collections.abc import Mapping
from datetime import timedelta

import orjson
from marshmallow import Schema

from api.answer_fields import instant, integer, listed, mapping, nested, number, text


def report_document(report: object) -> bytes:
    """A report as JSON: its fields by their names, instants as RFC 3339, spans as seconds."""
    return orjson.dumps(report, default=_seconds)


def _seconds(value: object) -> object:
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no place in a report")


class StretchSchema(Schema):
    """A week, month or quarter."""

    name = text("2026-W48, 2026-11 or 2026-Q4")
    per = text("week, month or quarter")
    start = instant("Its first instant")
    end = instant("The first instant after it")
    timezone = text("In which its days begin")


class ProjectionSchema(Schema):
    """What is expected at the end of the period."""

    value = number("The value in the middle of what is to be expected")
    low = number("Nine times of ten it is at least this")
    high = number("and at most this")
    likely = number("How likely the promise is kept, 0 to 1")


class DriverSchema(Schema):
    """What drives a miss."""

    dimension = text("source, campaign, team, rep, hour or weekday")
    value = text("Which one")
    missed = integer("Promises broken, or leads that did not come")
    of = integer("Of so many")
    excess = number("How many more than at the share of all others, or than to be expected")
    chance = number("How often chance alone would do it, 0 to 1")
    text = text("All that in words")


class DeliveredSchema(Schema):
    """A promise of marketing."""

    of = text("Which leads count, in words")
    period = nested(StretchSchema, "In which period")
    promised = integer("How many leads")
    delivered = integer("How many so far")
    projection = nested(ProjectionSchema, "What it will come to")
    campaigns = mapping("How many of that each campaign is still to bring")
    state = text("on course, in danger, too early, kept or missed")
    text = text("How it stands, in words")
    drivers = listed(DriverSchema, "What brings fewer leads than in the eight weeks before")


class DoneSchema(Schema):
    """A promise of sales."""

    duty = text("respond, attempt, accept or give_outcome")
    of = text("Which leads count, in words")
    period = nested(StretchSchema, "In which period")
    promised = number("For which share of the leads, 0 to 1")
    kept = integer("Leads for which it was kept")
    broken = integer("Leads for which it was broken")
    open = integer("Leads for which it can still be kept")
    share = number("kept of those decided, null while none is", none=True)
    projection = nested(ProjectionSchema, "What the share will come to")
    state = text("on course, in danger, too early, kept or missed")
    text = text("How it stands, in words")
    drivers = listed(DriverSchema, "Who and what broke more promises than agreed, and than all others")


class WinRateSchema(Schema):
    """How many leads of a grade are won."""

    grade = text("The grade")
    won = integer("Leads won")
    decided = integer("of so many that are decided")
    rate = number("The share, drawn towards that of all grades while there are few")


class NeedSchema(Schema):
    """What a team's quota needs."""

    team = text("The team")
    period = nested(StretchSchema, "In which period")
    revenue = number("The quota")
    deal_size = number("What a deal is worth by the playbook")
    observed_deal_size = number("What won deals were worth; null while there are few", none=True)
    wins = number("Deals that the quota needs")
    leads = number("Leads that it needs as they come now; null while nothing was won", none=True)
    leads_low = number("Nine times of ten at least so many; null before the first outcome", none=True)
    leads_high = number("and at most so many; null while nothing was won", none=True)
    leads_observed = number("Leads at the size of the won deals; null while there are few", none=True)
    by_grade = mapping("Leads it would need if all had this grade")
    win_rates = listed(WinRateSchema, "By grade")
    comes = number("Leads that the period will bring to the team")
    campaigns = mapping("How many of these each campaign is still to bring")
    takes = integer("Leads that its reps can take; null where one has no limit", none=True)


class AgreementReportSchema(Schema):
    """Both sides of the agreement."""

    at = instant("As of when")
    period = text("The period asked for")
    playbook = integer("The playbook whose agreement this is")
    marketing = listed(DeliveredSchema, "What marketing promised")
    sales = listed(DoneSchema, "What sales promised")
    quotas = listed(NeedSchema, "What the teams' quotas need")


class DelaySchema(Schema):
    """How long leads waited, in seconds."""

    median = number("Half of them no longer")
    p90 = number("Nine of ten no longer")
    most = number("None longer")


class ResponseSchema(Schema):
    """How some leads were answered."""

    by = text("all, team, sla or rep")
    value = text("Which one")
    handed = integer("Leads handed to sales")
    in_time = integer("answered in time")
    late = integer("not answered in time")
    open = integer("not yet answered, still in time")
    share = number("in time of those decided; null while none is", none=True)
    system = nested(DelaySchema, "From receiving a lead until a rep had it, the queue included", none=True)
    working = nested(DelaySchema, "Working time from then to the first contact", none=True)
    waited = nested(DelaySchema, "All time from then to the first contact", none=True)


class SlaReportSchema(Schema):
    """How fast sales answers."""

    period = text("The period")
    responses = listed(ResponseSchema, "All leads, then by team, SLA and rep")


class RepShareSchema(Schema):
    """A rep's share of the team's leads in a month."""

    team = text("The team")
    rep = text("The rep")
    weight = number("The rep's weight")
    assigned = integer("Leads assigned")
    passed_on = integer("of them leads that another had first")
    credit = number("Leads credited for absences, or for coming later")
    due = number("The share by weight, in leads")
    deviation = number("assigned and credit less due, in leads")


class FairnessReportSchema(Schema):
    """What each rep had against their share."""

    period = text("The month")
    reps = listed(RepShareSchema, "Every rep of the playbook")
    largest_deviation = number("The largest deviation, in leads")


AGREEMENT_REPORT = AgreementReportSchema()
SLA_REPORT = SlaReportSchema()
FAIRNESS_REPORT = FairnessReportSchema()
