"""Model versions as the doors and the verbs show them, and the schemas of that."""

from marshmallow import Schema

from api.answer_fields import flag, instant, integer, listed, mapping, text, texts
from models.card import card_to_json
from models.version import ModelVersion
from store.models import Promotion, UnreadableVersion

SHOWN = ("roc_auc", "pr_auc", "log_loss", "brier", "lift_top_decile", "calibration_error")


def summary(version: ModelVersion) -> dict[str, object]:
    """A version in a few words: what it is, where it comes from, how good it was on held-out leads."""
    served = version.card.metrics["served"]
    return {
        "version": version.name,
        "state": version.state,
        "created_at": version.created_at,
        "by": version.by,
        "parent": version.parent,
        "rows": version.card.rows,
        "positives": version.card.positives,
        "checksum": version.card.checksum,
        "metrics": {name: served[name] for name in SHOWN},
    }


def listed_version(found: ModelVersion | UnreadableVersion) -> dict[str, object]:
    """A listed version in a few words; what is not known of one that cannot be read is None."""
    if isinstance(found, ModelVersion):
        return {**summary(found), "problem": None}
    known = {"version": found.name, "state": found.state, "created_at": found.created_at, "problem": found.problem}
    return {**dict.fromkeys(("by", "parent", "rows", "positives", "checksum", "metrics")), **known}


def whole(version: ModelVersion, promotions: tuple[Promotion, ...]) -> dict[str, object]:
    """A version with its whole card and each time it came into force."""
    return {
        **summary(version),
        "card": card_to_json(version.card),
        "promotions": [promotion_document(each) for each in promotions if each.name == version.name],
    }


def promotion_document(promotion: Promotion) -> dict[str, object]:
    """A version's coming into force."""
    return {
        "version": promotion.name,
        "at": promotion.at,
        "by": promotion.by,
        "because": promotion.because,
        "rolled_back": promotion.rolled_back,
    }


class ModelSchema(Schema):
    """A version of the model, in a few words."""

    version = text("Its name: a date and a number")
    state = text("candidate, champion (which serves) or retired")
    created_at = instant("When it was trained")
    by = text("Who trained it")
    parent = text("The version that served when it was trained", none=True)
    rows = integer("Leads it was trained on")
    positives = integer("How many of them converted")
    checksum = text("SHA-256 of the data it was trained on")
    metrics = mapping("What it reached on held-out leads, by metric")


class ListedModelSchema(Schema):
    """A version of the model in a list: one that cannot be read is listed with what is to be done about it."""

    version = text("Its name: a date and a number")
    state = text("candidate, champion (which serves) or retired")
    created_at = instant("When it was trained")
    by = text("Who trained it", none=True)
    parent = text("The version that served when it was trained", none=True)
    rows = integer("Leads it was trained on", none=True)
    positives = integer("How many of them converted", none=True)
    checksum = text("SHA-256 of the data it was trained on", none=True)
    metrics = mapping("What it reached on held-out leads, by metric", none=True)
    problem = text("Why it cannot be read and what to do; null for one that can, which alone has the rest", none=True)


class ModelsSchema(Schema):
    """Every version of the model."""

    models = listed(ListedModelSchema, "Newest first")


class PromotionSchema(Schema):
    """A version's coming into force."""

    version = text("The version")
    at = instant("When")
    by = text("Who promoted it")
    because = text("Why")
    rolled_back = flag("Whether it came back into force")


class WholeModelSchema(ModelSchema):
    """A version of the model with all that is known of it."""

    card = mapping("Its card: data, columns, split, metrics, leakage, warnings")
    promotions = listed(PromotionSchema, "Each time it came into force")


class ServingSchema(Schema):
    """Which version serves now, and what was judged of it."""

    version = text("The version that serves; every server follows within two seconds")
    before = text("The version that served before", none=True)
    overruled = texts("What spoke against it and was overruled by force")
    notes = texts("What else is worth knowing")


MODELS = ModelsSchema()
WHOLE_MODEL = WholeModelSchema()
SERVING = ServingSchema()
