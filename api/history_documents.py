"""What happened to a lead, and why it is decided as it is, as callers see it: the schemas."""

from marshmallow import INCLUDE, Schema, fields

from api.answer_fields import flag, instant, listed, mapping, text, texts
from api.decision_documents import DecisionSchema


class EntrySchema(Schema):
    """One thing that happened to a lead; further fields depend on its kind."""

    class Meta:
        """Which further fields there may be."""

        unknown = INCLUDE

    at = instant("When it happened")
    kind = text("submission, activity, assignment, move, or an event: lead.scored, lead.assigned, sla.breached, ...")


class TimelineSchema(Schema):
    """What happened to a lead."""

    entries = listed(EntrySchema, "Oldest first")


class TriedSchema(Schema):
    """A rule or a route that was tried."""

    name = text("Its name")
    because = text("Why it is there")
    holds = flag("Whether its condition holds")
    outcome = text("What came of it")
    when = mapping("Each condition's value and truth; null: always", none=True)
    why_not = texts("What keeps its condition from holding")


class ExplanationSchema(Schema):
    """How a lead is decided now."""

    decision = fields.Nested(DecisionSchema, required=True, metadata={"description": "The decision, not kept"})
    rules = listed(TriedSchema, "In the order tried")
    routes = listed(TriedSchema, "Empty: not qualified")
    unrouted = text("Why no route is tried; null: routes are", none=True)


TIMELINE = TimelineSchema()
EXPLANATION = ExplanationSchema()
