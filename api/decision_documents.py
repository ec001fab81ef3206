"""Decisions as callers see them: the schemas."""

from marshmallow import Schema, fields

from api.answer_fields import flag, instant, instants, integer, listed, mapping, nested, number, text, texts
from routing.decision import Decision
from routing.document import decision_document


def scored_document(decision: Decision) -> dict[str, object]:
    """A decision that was not kept, in the shape of one that was: it has no id, and belongs to no lead."""
    return {"id": None, "lead_id": None, **decision_document(decision)}


class ReasonSchema(Schema):
    """One part of a score; the points of all reasons add up to it exactly."""

    kind = text("base, attribute, activity, rule or limit")
    name = text("Which attribute, activity or rule")
    value = fields.Raw(allow_none=True, metadata={"description": "The attribute's value"})
    points = number("Points on the scale of the score, one decimal")
    text = fields.String(required=True, metadata={"description": "The reason as a sentence"})


class FiredSchema(Schema):
    """A rule that matched."""

    name = text("The rule's name")
    because = text("Why the rule is there")
    effects = mapping("What it did: add, set, tag, qualify, disqualify")


class RoutedSchema(Schema):
    """Where the lead goes."""

    name = text("The route")
    team = text("The team")
    rep = text("The rep; null while nobody is assigned", none=True)
    why = text("How it came about")


class PromiseSchema(Schema):
    """What sales owes the lead."""

    name = text("The SLA")
    respond_by = instant("First response by then")
    warn_at = instants("Warnings before it")


STAYS = (
    "Why the lead is not handed out, though it may qualify: it rests, or sales is done with it; and what brings it to "
    "sales again. Null or missing: nothing keeps it back"
)


class DecisionSchema(Schema):
    """What Leadline decided of a lead, with every reason."""

    id = text("The decision's id; null when it was not kept", none=True)
    lead_id = text("The lead's id; null when it was not kept", none=True)
    decided_at = instant("When it was decided")
    probability = number("Calibrated probability that the lead converts, 0 to 1")
    fit = number("Percentile of that probability, 0 to 100")
    engagement = number("Decayed activity points, 0 to 100")
    score = number("0 to 100")
    grade = text("Letter of the score")
    qualified = flag("Whether sales gets the lead")
    disqualified = text("Why the lead is disqualified, or null", none=True)
    tags = texts("Tags that rules put on the lead")
    reasons = listed(ReasonSchema, "The score, explained")
    rules = listed(FiredSchema, "Rules that matched")
    route = nested(RoutedSchema, "Null: marketing, or see `stays`", none=True)
    sla = nested(PromiseSchema, "Null: no promise", none=True)
    stays = fields.String(allow_none=True, metadata={"description": STAYS})  # decisions of former times have none
    model = text("Version of the model that decided")
    playbook = integer("Number of the playbook that decided")


DECISION = DecisionSchema()
