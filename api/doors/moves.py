"""The doors through which sales works a lead: accept, reject, contact, hold, resume, reassign, outcome."""

from collections.abc import Callable
from datetime import datetime

import orjson
from flask import Blueprint, Response, request
from marshmallow import Schema
from structlog import get_logger

from api.answers import json_answer
from api.bodies import json_body, json_body_or_none
from api.desk import desk
from api.floor_documents import STANDING, standing_document
from api.keys import asking
from api.operation import Answer, operation
from api.parse_moves import (
    CONTACT,
    NOTHING,
    OUTCOME,
    REASSIGN,
    REJECT,
    TIMED,
    parse_accept,
    parse_contact,
    parse_nothing,
    parse_outcome,
    parse_reassign,
    parse_reject,
    unknown_rep,
)
from api.problems import ProblemError
from api.query import idempotency_key, known_id, no_lead
from rules.compile import Compiled
from store import moves as floor
from store.corrections import correct_outcome
from store.database import Transaction
from store.errors import IllegalMoveError, UnknownRepError
from store.idempotency import first_answer, keep_answer
from store.kept_moves import MoveKind
from store.standing import find_standing

moves = Blueprint("moves", __name__)

# What is done with a lead under the playbook in force.
Doing = Callable[[Transaction, str, Compiled, datetime], None]
View = Callable[[str], Response]


def _door(kind: MoveKind, summary: str, takes: Schema, *, needs_body: bool = False) -> Callable[[View], View]:
    """Opens a door under a move's name, and declares what all of them have in common."""
    declare = operation(
        summary,
        who=("crm",),
        takes=takes,
        needs_body=needs_body,
        gives={
            200: Answer(about="The lead, its assignment and clocks", schema=STANDING),
            404: Answer(about="No such lead"),
            409: Answer(about="Not possible where the lead stands; the detail says what is"),
        },
        headers={"Idempotency-Key": "Makes it safe to send the same request again"},
    )

    def open_door(view: View) -> View:
        return moves.post(f"/v1/leads/<lead_id>/{kind}")(declare(view))

    return open_door


@_door("accept", "The rep takes the lead on", TIMED)
def post_accept(lead_id: str) -> Response:
    """The lead, accepted."""
    at = parse_accept(json_body_or_none(), now := desk().clock())
    return _moved(lead_id, "accept", now, lambda tx, found, book, now: floor.accept(tx, found, book, now, at=at))


@_door("contact", "The rep tried to reach the lead; the first time is the first response", CONTACT, needs_body=True)
def post_contact(lead_id: str) -> Response:
    """The lead, contacted."""
    made = parse_contact(json_body(), now := desk().clock())

    def contact(tx: Transaction, found: str, book: Compiled, now: datetime) -> None:
        floor.contact(tx, found, made.how, book, now, at=made.at)

    return _moved(lead_id, "contact", now, contact)


@_door("hold", "Pauses the lead's clocks", NOTHING)
def post_hold(lead_id: str) -> Response:
    """The lead, held."""
    parse_nothing(json_body_or_none())
    return _moved(lead_id, "hold", desk().clock(), floor.hold_back)


@_door("resume", "Lets the lead's clocks run on; its deadlines move by the working time paused", NOTHING)
def post_resume(lead_id: str) -> Response:
    """The lead, held no more."""
    parse_nothing(json_body_or_none())
    return _moved(lead_id, "resume", desk().clock(), floor.resume_lead)


@_door("reject", "The rep gives the lead up; it goes to another rep or back to marketing", REJECT, needs_body=True)
def post_reject(lead_id: str) -> Response:
    """The lead, rejected."""
    given = parse_reject(json_body(), desk().serving.current().playbook.playbook, now := desk().clock())

    def reject(tx: Transaction, found: str, book: Compiled, now: datetime) -> None:
        floor.reject(tx, found, given.reason, book, now, at=given.at)

    return _moved(lead_id, "reject", now, reject)


@_door("reassign", "Gives the lead to a rep of its team who has not had it: one named, or whose turn it is", REASSIGN)
def post_reassign(lead_id: str) -> Response:
    """The lead, in other hands."""
    rep = parse_reassign(json_body_or_none())

    def reassign(tx: Transaction, found: str, book: Compiled, now: datetime) -> None:
        floor.reassign(tx, found, book, now, rep=rep)

    return _moved(lead_id, "reassign", desk().clock(), reassign)


@_door("outcome", "Tells what became of the lead: won, or lost for a reason", OUTCOME, needs_body=True)
def post_outcome(lead_id: str) -> Response:
    """The lead, won or lost."""
    outcome = parse_outcome(json_body(), desk().serving.current().playbook.playbook, now := desk().clock())

    def end(tx: Transaction, found: str, book: Compiled, now: datetime) -> None:
        if outcome.correct:
            correct_outcome(tx, found, outcome.lost_for, outcome.amount, now, at=outcome.at)
        elif outcome.lost_for is None:
            floor.win(tx, found, outcome.amount, book, now, at=outcome.at)
        else:
            floor.lose(tx, found, outcome.lost_for, book, now, at=outcome.at)

    return _moved(lead_id, "outcome", now, end)


def _moved(lead_id: str, kind: MoveKind, now: datetime, do: Doing) -> Response:
    """The lead after a move; a request that comes again gets the answer it got first."""
    playbook, again = desk().serving.current().playbook, idempotency_key()
    # The same key at another door, or of another lead, is another request.
    asked = request.path.encode() + b"\n" + request.get_data()
    with desk().database.begin() as tx:
        first = first_answer(tx, asking().id, again, asked) if again else None
        if first is not None:
            return json_answer(first)
        answer = orjson.dumps(_answer(tx, known_id(lead_id), do, playbook, now))
        if again:
            keep_answer(tx, asking().id, again, asked, answer, now)
    get_logger().info("move", move=kind, lead=lead_id)
    return json_answer(answer)


def _answer(tx: Transaction, lead_id: str, do: Doing, playbook: Compiled, now: datetime) -> dict[str, object]:
    if find_standing(tx, lead_id) is None:
        raise no_lead(lead_id)
    try:
        do(tx, lead_id, playbook, now)
    except UnknownRepError as error:
        raise unknown_rep(error.rep, error.team, error.reps) from None
    except IllegalMoveError as error:
        possible = {} if error.possible is None else {"possible": error.possible}
        raise ProblemError(409, f"{error}.", more=possible) from None
    standing = find_standing(tx, lead_id)
    if standing is None:
        raise no_lead(lead_id)
    return standing_document(standing)
