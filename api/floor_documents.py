"""A lead on the sales floor as callers see it: its assignment, its clocks."""

from dataclasses import fields

from marshmallow import Schema

from api.answer_fields import instant, instants, integer, listed, nested, number, text, texts
from api.lead_documents import KeptLeadSchema, lead_document
from store.assignments import Assignment
from store.clocks import Clock
from store.standing import FloorLead


def standing_document(standing: FloorLead) -> dict[str, object]:
    """A kept lead as callers see it, with its latest assignment and that one's clocks."""
    held = standing.assignment
    return {
        **lead_document(standing.kept),
        "assignment": None if held is None else _assignment_document(held, standing),
        "clocks": [_clock_document(clock) for clock in standing.clocks],
    }


def _assignment_document(held: Assignment, standing: FloorLead) -> dict[str, object]:
    same = ("id", "state", "route", "team", "rep", "received_at", "assigned_at", "accepted_at", "contacted_at")
    human = None if held.contacted_at is None else (held.contacted_at - held.assigned_at).total_seconds()
    return {
        **{name: getattr(held, name) for name in (*same, "ended_at", "reason", "amount")},
        "why": held.why["text"],
        "candidates": held.why["candidates"],
        "system_delay_seconds": (held.assigned_at - held.received_at).total_seconds(),
        "human_delay_seconds": human,
        "possible": standing.possible,
    }


def _clock_document(clock: Clock) -> dict[str, object]:
    hidden = ("id", "lead_id", "assignment_id", "calendar")
    return {field.name: getattr(clock, field.name) for field in fields(Clock) if field.name not in hidden}


class CandidateSchema(Schema):
    """A rep of the team when a lead was to be assigned."""

    rep = text("The rep")
    shortfall = number("How many leads they were short of their share")
    works_from = instant("When they were at work: then, or next; null: never", none=True)
    out = text("Why they could not take the lead; null: they could", none=True)
    free_from = instant("When one who is away or full may take a lead; null for others", none=True)


class AssignmentSchema(Schema):
    """Who has a lead, or had it last."""

    id = text("The assignment's id")
    state = text("queued, assigned, accepted, contacted; ended: rejected, reassigned, won, lost")
    route = text("The route that led here")
    team = text("The team")
    rep = text("The rep; null while the lead waits in the team's queue", none=True)
    why = text("How the choice came about: every candidate, who was left out and for what")
    candidates = listed(CandidateSchema, "Every rep of the team, in its order")
    received_at = instant("When what brought this about came in")
    assigned_at = instant("When the lead was assigned")
    accepted_at = instant("When the rep accepted it", none=True)
    contacted_at = instant("When the rep first tried to reach it", none=True)
    ended_at = instant("When it was out of these hands", none=True)
    reason = text("Why it was rejected or lost", none=True)
    amount = number("What it was won for", none=True)
    system_delay_seconds = number("From received to assigned: Leadline's own delay")
    human_delay_seconds = number("From assigned to the first response, nights included", none=True)
    possible = texts("What may be done with the lead: accept, contact, ...")


class ClockSchema(Schema):
    """A promise to a lead, kept or broken; seconds are of working time."""

    kind = text("first_response, acceptance or attempts")
    sla = text("The SLA that promises it")
    state = text("running, paused, met, breached, or stopped: ended undecided")
    started_at = instant("When it started")
    due_at = instant("By when it is to be done")
    warn_at = instants("Warnings before it")
    target = integer("How many attempts are promised", none=True)
    paused_at = instant("Since when it is paused", none=True)
    paused_seconds = number("Paused so far", none=True)
    breached_at = instant("When it was found broken", none=True)
    ended_at = instant("When it ended", none=True)
    elapsed_seconds = number("Taken until it was done, in time or late", none=True)


class LeadOnFloorSchema(KeptLeadSchema):
    """A lead that is kept, with its latest assignment and that one's clocks."""

    assignment = nested(AssignmentSchema, "Null: sales never had it", none=True)
    clocks = listed(ClockSchema, "Promises to the lead")


STANDING = LeadOnFloorSchema()
