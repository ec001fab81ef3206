"""The reps as they stand now, as callers see them."""

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
    }
