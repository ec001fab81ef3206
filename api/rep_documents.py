"""The reps as they stand now, as callers see them."""

from marshmallow import Schema

from api.answer_fields import instant, integer, listed, number, text
from store.reps import RepNow


def rep_document(now: RepNow) -> dict[str, object]:
    """A rep of a team: weight and capacity, what they had and hold, until when they are away, when they work."""
    rep, had = now.rep, now.had
    capacity = None if rep.capacity is None else f"{rep.capacity.count} per {rep.capacity.per}"
    return {
        "team": now.team,
        "rep": rep.name,
        "weight": rep.weight,
        "capacity": capacity,
        "today": had.today,
        "this_week": had.this_week,
        "this_month": had.assigned,
        "credit": had.credit,
        "open": now.open,
        "last_assigned_at": had.last_assigned_at,
        "absent_until": had.absent_until,
        "works_from": now.works_from,
        "timezone": now.timezone,
    }


class RepSchema(Schema):
    """A rep of a team, now."""

    team = text("The team")
    rep = text("The rep")
    weight = number("Their weight: a rep of weight 2 gets twice what one of weight 1 gets")
    capacity = text("What they take at most: 20 per day, 60 per week", none=True)
    today = integer("Leads they got today")
    this_week = integer("Leads they got this week")
    this_month = integer("Leads they got this month")
    credit = number("Leads of this month they are credited with for when they were away, new or of another weight")
    open = integer("Leads they hold")
    last_assigned_at = instant("When they last got a lead", none=True)
    absent_until = instant("Until when they are away", none=True)
    works_from = instant("When they are at work: now, or next; null: never", none=True)
    timezone = text("The time zone that they work in: Europe/Berlin")


class LeftSchema(Schema):
    """Who has left a team and still holds leads."""

    team = text("The team that it was")
    rep = text("The rep")
    open = integer("Leads they hold")


class RepsSchema(Schema):
    """The reps of every team."""

    reps = listed(RepSchema, "In the playbook's order")
    left = listed(LeftSchema, "Who is not of a team any more and still holds leads; they are to be reassigned")


REPS = RepsSchema()
