"""The doors that take many leads at once: JSON Lines in, JSON Lines out, in order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from flask import Blueprint, Response, stream_with_context

from api.answers import note
from api.bodies import Line, json_lines, read_json
from api.decision_documents import DECISION
from api.desk import desk
from api.doors.scores import score
from api.intake import Sender, take_in
from api.keys import asking
from api.operation import JSON_LINES, Answer, operation
from api.parse import LEAD, SCORE, InputError, parse_lead
from api.problems import ProblemError, bad_fields, problem_document
from scoring.lead import Lead
from store.batch import hold_batch
from store.record import Recorded

# Leads of one transaction: enough to share the cost of a commit, few enough to let others write meanwhile.
AT_ONCE = 50

batches = Blueprint("batches", __name__)

Chunk = Sequence[Line]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """A line that holds a lead."""

    body: Mapping[str, object]
    lead: Lead


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """A line that does not, as the problem document that answers it."""

    document: Mapping[str, object]


@batches.post("/v1/leads/batch")
@operation(
    "Takes many leads in, at most 10,000",
    who=("crm",),
    takes=LEAD,
    media=(JSON_LINES,),
    gives={
        200: Answer(
            about="A line for each lead, in order: its decision or a problem", schema=DECISION, media=JSON_LINES
        )
    },
)
def post_batch() -> Response:
    """A decision or a problem for each line; what was answered is kept."""
    sender = Sender(key_id=asking().id)
    return _answer(json_lines(), lambda chunk: _taken(chunk, sender))


@batches.post("/v1/score/batch")
@operation(
    "Scores many leads, at most 10,000, without keeping them",
    who=("crm",),
    takes=SCORE,
    media=(JSON_LINES,),
    gives={
        200: Answer(
            about="A line for each lead, in order: its decision or a problem", schema=DECISION, media=JSON_LINES
        )
    },
)
def post_score_batch() -> Response:
    """A decision or a problem for each line; nothing is kept."""
    return _answer(json_lines(), _scored)


def _answer(lines: Sequence[Line], work: Callable[[Chunk], list[bytes]]) -> Response:
    desk().serving.current()  # where nothing can be decided, say so before the first line is answered

    def stream() -> Iterator[bytes]:
        for start in range(0, len(lines), AT_ONCE):
            yield b"".join(line + b"\n" for line in work(lines[start : start + AT_ONCE]))

    return Response(stream_with_context(stream()), mimetype=JSON_LINES)


def _taken(chunk: Chunk, sender: Sender) -> list[bytes]:
    now, served = desk().clock(), desk().serving.current()
    sent = [_sent(line, now) for line in chunk]
    with desk().database.begin() as tx:
        hold_batch(tx, [item.lead for item in sent if isinstance(item, Sent)], served.playbook.playbook)
        results = [
            take_in(tx, item.lead, item.body, sender, served, now, clock=desk().clock).recorded
            if isinstance(item, Sent)
            else item
            for item in sent
        ]
    return [_counted(result) for result in results]


def _scored(chunk: Chunk) -> list[bytes]:
    now, served = desk().clock(), desk().serving.current()
    answers = []
    for line in chunk:
        try:
            answers.append(orjson.dumps(score(read_json(line.text), served, now)))
            desk().metrics.leads.labels("score_batch", "scored").inc()
        except (ProblemError, InputError) as error:
            answers.append(_counted(_refused(error, line)))
    return answers


def _sent(line: Line, now: datetime) -> Sent | Refused:
    try:
        body = read_json(line.text)
        return Sent(body=body, lead=parse_lead(body, now))
    except (ProblemError, InputError) as error:
        return _refused(error, line)


def _refused(error: ProblemError | InputError, line: Line) -> Refused:
    problem = bad_fields(error) if isinstance(error, InputError) else error
    return Refused(document={**problem_document(problem), "line": line.number})


def _counted(result: Recorded | Refused) -> bytes:
    if isinstance(result, Refused):
        desk().metrics.leads.labels("batch", "refused").inc()
        return orjson.dumps(result.document)
    note("batch", result)
    return orjson.dumps(result.document)
