"""Whether the server lives, whether it can serve, and its figures."""

from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from api.answers import json_answer
from api.desk import desk
from api.errors import NotReadyError
from api.health_documents import STATE
from api.operation import Answer, operation
from store.revision import revision

health = Blueprint("health", __name__)


@health.get("/healthz")
@operation("Says that the server is alive", gives={200: Answer(about="It is")})
def get_health() -> Response:
    """That the process answers; nothing else is looked at."""
    return json_answer({"alive": True})


@health.get("/readyz")
@operation(
    "Says whether leads can be decided: database, active model, playbook",
    gives={200: Answer(about="Ready", schema=STATE), 503: Answer(about="Not ready, and why", schema=STATE)},
)
def get_readiness() -> Response:
    """What can be served, and what is wrong where nothing can."""
    state = readiness()
    return json_answer(state, 200 if state["ready"] else 503)


@health.get("/metrics")
@operation("Gives the figures Prometheus reads", gives={200: Answer(about="Figures", media="text/plain")})
def get_metrics() -> Response:
    """Every counter and histogram of the server."""
    return Response(desk().metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8")


def readiness() -> dict[str, object]:
    """The state of the database and of what is served."""
    try:
        with desk().database.read() as tx:
            revision(tx)
        served = desk().serving.current()
    except SQLAlchemyError as error:
        return _not_ready("database", f"cannot be read ({type(error).__name__})")
    except NotReadyError as error:
        return _not_ready("serving", str(error))
    return {
        "ready": True,
        "checks": {"database": "ok", "model": "ok", "playbook": "ok"},
        "model": served.scorecard.version,
        "playbook": served.playbook.playbook.number,
        "matched_by": served.playbook.matched_by,
        "refused": desk().serving.refused,
    }


def _not_ready(what: str, why: str) -> dict[str, object]:
    nothing = dict.fromkeys(("model", "playbook", "matched_by", "refused"))
    return {"ready": False, "checks": {what: why}, **nothing}
