"""A comparison's document as a schema, for the API's own document and its tests."""

from typing import Any

from marshmallow import Schema, fields

from routing.placed import ASPECTS


def _said(kind: type[fields.Field[Any]], about: str, *, none: bool = False) -> Any:
    return kind(required=True, allow_none=none, metadata={"description": about})


def _some(schema: type[Schema], about: str) -> fields.List[Any]:
    return fields.List(fields.Nested(schema), required=True, metadata={"description": about})


def _one(schema: type[Schema], about: str) -> fields.Nested:
    return fields.Nested(schema, required=True, metadata={"description": about})


class ComparedSchema(Schema):
    """A playbook that was compared."""

    name = _said(fields.String, "What it is called here")
    playbook = _said(fields.Integer, "Its number; null for one that is not published", none=True)


class MovedCountsSchema(Schema):
    """How many move."""

    decisions = _said(fields.Integer, "Decisions that place their lead otherwise")
    leads = _said(fields.Integer, "Leads that they are about")


class QualifiedSchema(Schema):
    """How many leads qualify."""

    before = _said(fields.Integer, "By the old playbook")
    after = _said(fields.Integer, "By the new playbook")


class ShiftSchema(Schema):
    """From where to where."""

    before = _said(fields.Raw, "By the old playbook; null: marketing keeps the lead", none=True)
    after = _said(fields.Raw, "By the new playbook; null: marketing keeps the lead", none=True)
    decisions = _said(fields.Integer, "How many decisions")


ShiftsSchema = Schema.from_dict(
    {
        aspect: _some(ShiftSchema, f"By {about}, the most frequent first")
        for aspect, about in ASPECTS.items()
        if aspect != "respond_by"
    },
    name="ShiftsSchema",
)


class DeadlinesSchema(Schema):
    """How deadlines move of leads that sales gets by both playbooks."""

    earlier = _said(fields.Integer, "Decisions with an earlier deadline")
    later = _said(fields.Integer, "Decisions with a later deadline")


class TeamLoadSchema(Schema):
    """What a team is to expect."""

    team = _said(fields.String, "The team")
    before = _said(fields.Float, "Leads by the old playbook")
    after = _said(fields.Float, "Leads by the new playbook")
    a_week_before = _said(fields.Float, "Leads a week; null for less than a day of decisions", none=True)
    a_week_after = _said(fields.Float, "Leads a week; null for less than a day of decisions", none=True)


class RepLoadSchema(TeamLoadSchema):
    """What a rep is to expect, by weights among the reps that accept each lead."""

    rep = _said(fields.String, "The rep; null: the team's queue, for leads that nobody accepts", none=True)
    capacity_a_week = _said(fields.Integer, "What the rep's capacity allows; null: nothing limits it", none=True)
    over_capacity = _said(fields.Boolean, "Whether more is to be expected than that")


class WorkloadSchema(Schema):
    """What sales is to expect."""

    teams = _some(TeamLoadSchema, "Each team, its queue included")
    reps = _some(RepLoadSchema, "Each rep")


class ExpectedDeliverySchema(Schema):
    """What marketing promises by the new playbook, and what both make of it."""

    promised = _said(fields.Integer, "How many leads are promised")
    of = _said(fields.String, "Which leads count; null: all that qualify", none=True)
    per = _said(fields.String, "week, month or quarter")
    leads_before = _said(fields.Integer, "Leads that count by the old playbook")
    leads_after = _said(fields.Integer, "Leads that count by the new playbook")
    expected_before = _said(fields.Float, "At this rate, in the period; null for less than a day", none=True)
    expected_after = _said(fields.Float, "At this rate, in the period; null for less than a day", none=True)


class PlacedSchema(Schema):
    """Where a playbook places a lead."""

    score = _said(fields.Float, "0 to 100")
    grade = _said(fields.String, "Letter of the score")
    qualified = _said(fields.Boolean, "Whether sales gets the lead")
    disqualified = _said(fields.String, "Why it is disqualified, or null", none=True)
    route = _said(fields.String, "The route; null: marketing keeps the lead", none=True)
    team = _said(fields.String, "The team; null: marketing keeps the lead", none=True)
    sla = _said(fields.String, "The SLA; null: marketing keeps the lead", none=True)
    respond_by = _said(fields.AwareDateTime, "First response by then; null: marketing keeps the lead", none=True)


class MovedLeadSchema(Schema):
    """A decision that places its lead otherwise."""

    decision = _said(fields.String, "The decision's id")
    lead = _said(fields.String, "The lead's id")
    name = _said(fields.String, "The lead's company, else the domain of its address")
    at = _said(fields.AwareDateTime, "When it was decided")
    moves = fields.List(fields.String(), required=True, metadata={"description": "In what respects it moves"})
    before = _one(PlacedSchema, "By the old playbook")
    after = _one(PlacedSchema, "By the new playbook")


class CauseSchema(Schema):
    """One thing that makes a difference."""

    kind = _said(fields.String, "rule, fit, engagement, threshold, grades, route, sla or calendar")
    name = _said(fields.String, "Which rule, route, SLA, ...")
    text = _said(fields.String, "What it does otherwise, as a sentence")


class SurpriseSchema(MovedLeadSchema):
    """Someone who moves far, and what makes it so."""

    because = _some(CauseSchema, "What makes the difference, rules first")


class ComparisonSchema(Schema):
    """What two playbooks make of the same decisions."""

    old = _one(ComparedSchema, "The playbook in force")
    new = _one(ComparedSchema, "The playbook compared with it")
    since = _said(fields.AwareDateTime, "Since when decisions were replayed, as asked", none=True)
    first = _said(fields.AwareDateTime, "The oldest decision; null: there was none", none=True)
    last = _said(fields.AwareDateTime, "The newest decision; null: there was none", none=True)
    decisions = _said(fields.Integer, "How many decisions were replayed")
    leads = _said(fields.Integer, "How many leads they are about")
    moved = _one(MovedCountsSchema, "How many move: qualified or not, grade, team, SLA or deadline")
    rescored = _said(fields.Integer, "How many get another score in the same place")
    refused = _said(fields.Integer, "How many cannot be taken, as calendars do not reach that far")
    qualified_leads = _one(QualifiedSchema, "Leads that qualify in some decision")
    shifts = _one(ShiftsSchema, "From where to where, in each respect")
    deadlines = _one(DeadlinesSchema, "How deadlines move")
    workload = _one(WorkloadSchema, "What teams and reps are to expect")
    delivery = _some(ExpectedDeliverySchema, "What marketing is to deliver")
    surprises = _some(SurpriseSchema, "The ten that move furthest; a gained or lost qualification first")
    moves = _some(MovedLeadSchema, "Everyone who moves")
    notes = fields.List(fields.String(), required=True, metadata={"description": "What to keep in mind"})


COMPARISON = ComparisonSchema()
