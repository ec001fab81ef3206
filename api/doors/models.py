"""The analyst's doors: the versions that are kept, which one serves, and the way back."""

from flask import Blueprint, Response

from api.answers import json_answer
from api.bodies import json_body_or_none
from api.desk import desk
from api.keys import asking
from api.model_documents import MODELS, SERVING, WHOLE_MODEL, listed_version, whole
from api.operation import Answer, operation
from api.parse import FieldError, load, refuse
from api.problems import ProblemError
from api.promoting import RefusedPromotionError, promote_judged
from api.schemas import PromoteSchema, RollBackSchema
from store.models import champion_name, list_versions, promotion_history, roll_back, version

PROMOTE = PromoteSchema()
ROLL_BACK = RollBackSchema()

models = Blueprint("models", __name__)


@models.get("/v1/models")
@operation(
    "Lists the versions of the model, newest first",
    who=("analyst",),
    gives={200: Answer(about="Every version", schema=MODELS)},
)
def get_models() -> Response:
    """Every kept version, in a few words."""
    with desk().database.read() as tx:
        found = list_versions(tx)
    return json_answer({"models": [listed_version(each) for each in found]})


@models.get("/v1/models/<name>")
@operation(
    "Shows a version of the model: its card, and each time it came into force",
    who=("analyst",),
    gives={
        200: Answer(about="The version", schema=WHOLE_MODEL),
        404: Answer(about="No such version"),
        409: Answer(about="Another Leadline kept it, and this one cannot read it; the detail says what to do"),
    },
)
def get_model(name: str) -> Response:
    """The kept version of a name."""
    with desk().database.read() as tx:
        document = whole(version(tx, name), promotion_history(tx))
    return json_answer(document)


@models.post("/v1/models/<name>/promote")
@operation(
    "Makes a version serve; every server follows within two seconds",
    who=("analyst",),
    takes=PROMOTE,
    needs_body=False,
    gives={
        200: Answer(about="It serves", schema=SERVING),
        404: Answer(about="No such version"),
        409: Answer(about="Something speaks against it; errors has every reason, and force overrules them"),
    },
)
def post_promotion(name: str) -> Response:
    """That a version serves. Raises: ProblemError 409 with every reason why it should not."""
    asked, errors = load(PROMOTE, json_body_or_none())
    if asked.get("force") and not asked.get("because"):
        errors.setdefault("because", "required with force: it is kept for ever")
    refuse(errors)
    home, now = desk().settings.home, desk().clock()
    said = {"by": asking().name, "because": asked.get("because") or "", "force": asked["force"]}
    try:
        judged = promote_judged(desk().database, home, name, now=now, **said)
    except RefusedPromotionError as refused:
        reasons = [FieldError(field="", message=reason) for reason in refused.reasons]
        detail = f"Model {name} is not promoted; send force and because to promote it all the same."
        raise ProblemError(409, detail, errors=reasons) from None
    return json_answer({"version": name, "before": judged.before, "overruled": judged.reasons, "notes": judged.notes})


@models.post("/v1/models/rollback")
@operation(
    "Makes the version that served before serve again; every server follows within two seconds",
    who=("analyst",),
    takes=ROLL_BACK,
    needs_body=False,
    gives={200: Answer(about="It serves again", schema=SERVING), 409: Answer(about="No other version served before")},
)
def post_rollback() -> Response:
    """That the version before serves again."""
    asked, errors = load(ROLL_BACK, json_body_or_none())
    refuse(errors)
    with desk().database.begin() as tx:
        before = champion_name(tx)
        name = roll_back(tx, by=asking().name, because=asked.get("because") or "", now=desk().clock())
    return json_answer({"version": name, "before": before, "overruled": (), "notes": ()})
