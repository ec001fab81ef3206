"""Reads `scoring`: weights, thresholds, grades and what activities are worth."""

from itertools import pairwise

from rules.nodes import Node
from rules.reading import Reading
from rules.remedies import threshold_remedy
from rules.sections import Field, Record, Section, named_term, section_term
from rules.spans import daily_term, length_term
from rules.terms import Term, is_mapping, number_of, number_term, scalar_term
from scoring.scheme import ActivityPoints, EngagementScheme, Grade, Scheme

WEIGHTS = Section(
    noun="weights",
    about="How much of the score each part decides; together at most 1",
    fields=(
        Field(name="fit", term=number_term(0, 1), about="Weight of fit, 0 to 1", required=True),
        Field(name="engagement", term=number_term(0, 1), about="Weight of engagement, 0 to 1", required=True),
    ),
)

ACTIVITY = Section(
    noun="activity",
    about="What one activity is worth",
    fields=(
        Field(name="points", term=number_term(0, 100), about="Points on the 0 to 100 scale", required=True),
        Field(name="at_most", term=daily_term(), about="How many count in one day, as `3 per day`"),
    ),
)

ENGAGEMENT = Section(
    noun="engagement",
    about="Points for activities, each halved every half-life",
    fields=(
        Field(name="half_life", term=length_term(), about="After this span points are worth half", required=True),
        Field(
            name="activities",
            term=named_term(
                ACTIVITY, lambda name, record, _: ActivityPoints(points=record["points"], at_most=record["at_most"])
            ),
            about="Activities by kind",
            required=True,
        ),
    ),
)


def _threshold(text: str) -> float | None:
    number = number_of(text)
    return number if number is not None and 0 <= number <= 100 else None


THRESHOLD = scalar_term(
    "the score from 0 to 100 at which the grade begins",
    _threshold,
    {"type": "number", "minimum": 0, "maximum": 100},
    remedy=threshold_remedy,
)


def _read_grades(node: Node, reading: Reading) -> tuple[Grade, ...] | None:
    if not is_mapping(node, reading, "grades", "write {A: 80, B: 60, C: 35, D: 0}"):
        return None
    before = len(reading.problems)
    thresholds = [(key, THRESHOLD.read(value, reading)) for key, value in node.entries]
    for (better, high), (worse, low) in pairwise(thresholds):
        if high is not None and low is not None and low >= high:
            message = f"grade {worse.text} begins at {low:g}, not below grade {better.text}'s {high:g}"
            reading.note(worse, "grades-order", message, "list the grades from best to worst")
            break
    lowest = min((score for _, score in thresholds if score is not None), default=0)
    if not thresholds or (thresholds[-1][1] == lowest and lowest != 0):
        reading.note(
            thresholds[-1][0] if thresholds else node, "grades-order", "the last grade must begin at 0", "add `D: 0`"
        )
    if len(reading.problems) > before:
        return None
    return tuple(Grade(letter=key.text, from_score=score) for key, score in thresholds)


GRADES = Term(
    says="scores by letter",
    read=_read_grades,
    schema={
        "type": "object",
        "additionalProperties": THRESHOLD.schema,
        "minProperties": 1,
    },
)


def _weights(record: Record, reading: Reading) -> Record | None:
    total = record["fit"] + record["engagement"]
    if 0 < total <= 1 + 1e-9:
        return record
    reading.note(record.place, "weights", f"the weights add up to {total:g}", "let them add up to 1")
    return None


SCORING = Section(
    noun="scoring",
    about="How the score is made and what it takes to qualify",
    fields=(
        Field(name="weights", term=section_term(WEIGHTS, _weights), about=WEIGHTS.about, required=True),
        Field(
            name="qualify_at", term=number_term(0, 100), about="The score from which a lead qualifies", required=True
        ),
        Field(
            name="grades",
            term=GRADES,
            about="Letters, best first, with the lowest score of each; the last from 0",
            required=True,
        ),
        Field(
            name="engagement",
            term=section_term(
                ENGAGEMENT,
                lambda record, _: EngagementScheme(half_life=record["half_life"], activities=record["activities"]),
            ),
            about=ENGAGEMENT.about,
            required=True,
        ),
    ),
)


def _scheme(record: Record, reading: Reading) -> Scheme:
    return Scheme(
        fit_weight=record["weights"]["fit"],
        engagement_weight=record["weights"]["engagement"],
        qualify_at=record["qualify_at"],
        grades=record["grades"],
        engagement=record["engagement"],
    )


SCHEME = section_term(SCORING, _scheme)
