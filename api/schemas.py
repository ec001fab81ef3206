"""What comes in, as marshmallow schemas: they load requests and write the API's document."""

from marshmallow import EXCLUDE, Schema, fields, validate

from api.fields import (
    Amount,
    Attributes,
    Choice,
    Country,
    Cursor,
    Day,
    Email,
    Instant,
    Number,
    Printable,
    Text,
    kind_of,
)
from store.kept_moves import ATTEMPTS

MOST_LISTED = 200
# How many decisions a diff replays while its caller waits, and how many as a job.
MOST_REPLAYED = 5_000
MOST_REPLAYED_LATER = 200_000
MOST_EXPECTED = 1_000_000
FORMATS = ("json", "csv")
OUTCOMES = ("won", "lost")
STATES = "new, nurture, queued, assigned, accepted, contacted, rejected, resting, won or lost"


class Incoming(Schema):
    """A body's schema. Unknown names are looked for before it loads, so that they get a suggestion."""

    class Meta:
        """How the schema treats names it does not declare."""

        unknown = EXCLUDE

    error_messages = {"type": "a JSON object expected"}  # noqa: RUF012 - marshmallow reads it from the class


def _limit(most: int = MOST_LISTED, *, usual: int = 50, about: str = "How many a page has") -> fields.Integer:
    expected = f"a whole number from 1 to {most:,} expected"
    return fields.Integer(
        load_default=usual,
        validate=validate.Range(1, most, error=expected),
        error_messages={"invalid": expected},
        metadata={"description": about},
    )


def _truth(about: str) -> fields.Boolean:
    """A word of an address, or of a body, that is true or false."""
    return fields.Boolean(
        truthy={"true", True},
        falsy={"false", False},
        error_messages={"invalid": "true or false expected", "null": "true or false expected"},
        metadata={"description": about},
    )


class Flag(fields.Boolean):
    """true or false and nothing else: neither consent nor force is guessed."""

    def _deserialize(self, value: object, attr: str | None, data: object, **options: object) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("strict", kind=kind_of(value))
        return value

    default_error_messages = {"strict": "true or false expected, not {kind}"}  # noqa: RUF012 - as above


class ConsentSchema(Incoming):
    """Whether the person agreed to marketing, and when."""

    marketing = Flag(
        required=True,
        error_messages={"required": "true or false is required"},
        metadata={"description": "Whether the person agreed to marketing"},
    )
    at = Instant("When the person said so")


class LeadSchema(Incoming):
    """A lead. One of email, phone and external_id is required; the same person is the same lead."""

    email = Email(320, "E-mail address")
    phone = Text(50, "Phone number; national notation needs `country`")
    external_id = Text(200, "The caller's own identifier of the person")
    first_name = Text(100, "First name")
    last_name = Text(100, "Last name")
    company = Text(200, "Company name")
    title = Text(200, "Job title")
    website = Text(500, "Web address of the company")
    country = Country(100, "Country, by ISO 3166 code or name")
    source = Text(100, "What brought the lead: demo_request, webinar, ...")
    campaign = Text(200, "Campaign of the marketing calendar")
    utm_source = Text(500, "utm_source of the landing page")
    utm_medium = Text(500, "utm_medium of the landing page")
    utm_campaign = Text(500, "utm_campaign of the landing page")
    utm_term = Text(500, "utm_term of the landing page")
    utm_content = Text(500, "utm_content of the landing page")
    message = Text(10_000, "What the person wrote")
    consent = fields.Nested(ConsentSchema, allow_none=True, metadata={"description": "Consent to marketing"})
    created_at = Instant("When the lead came to be; now when left out")
    attributes = Attributes("Any further names: scalars or lists of scalars")


class ActivitySchema(Incoming):
    """One thing a lead did."""

    kind = Text(
        100,
        "What was done: a key of the playbook's activities; other kinds are kept and count nothing",
        needed=True,
    )
    at = Instant("When it was done; now when left out")


class ScoreSchema(LeadSchema):
    """A lead to score without keeping it, with the activities that count towards its engagement."""

    activities = fields.List(
        fields.Nested(ActivitySchema),
        allow_none=True,
        metadata={"description": "What the person did so far, at most 1,000 activities"},
    )


class NothingSchema(Incoming):
    """Nothing more is to be said."""


class TimedSchema(Incoming):
    """Something that was done with the lead."""

    at = Instant("When it was done, if it is told later: clocks go by it. Now when left out")


class ContactSchema(TimedSchema):
    """An attempt to reach the lead."""

    how = Choice(ATTEMPTS, "How the lead was contacted")


class RejectSchema(TimedSchema):
    """A lead that its rep gives up."""

    reason = Printable(200, "Why: one of the playbook's `reasons: reject`", needed=True)


class ReassignSchema(Incoming):
    """Who is to have the lead instead."""

    rep = Printable(200, "A rep of the lead's team; whose turn it is when left out")


class OutcomeSchema(TimedSchema):
    """What became of a lead."""

    outcome = Choice(OUTCOMES, "What became of the lead")
    reason = Printable(200, "Why it was lost: one of the playbook's `reasons: lost`; for a lost lead alone")
    amount = Amount("What it was won for, in the house's own currency; for a won lead alone")
    correct = Flag(
        load_default=False,
        metadata={"description": "Whether this corrects an outcome that was told wrongly; false when left out"},
    )


def _yaml(about: str, *, needed: bool = False) -> fields.String:
    return fields.String(
        required=needed,
        error_messages={"invalid": "text expected", "null": "text expected", "required": "required"},
        metadata={"description": about},
    )


class PublishSchema(Incoming):
    """Why a playbook comes into force, and whether untested."""

    because = Text(2_000, "Why; required, here or as a header X-Because; kept for ever")
    without_cases = _truth("Whether it comes into force untested; false when left out")


class EditSchema(PublishSchema):
    """A playbook to come into force with its cases, as texts."""

    playbook = _yaml("The playbook's YAML", needed=True)
    cases = _yaml("The YAML of its cases; those kept with the playbook in force when left out")


class TrySchema(Incoming):
    """A playbook and its cases, as texts."""

    playbook = _yaml("The playbook's YAML; the one in force when left out")
    cases = _yaml("The YAML of its cases; those kept with the playbook in force when left out")


class VersionListSchema(Incoming):
    """How many versions to list at once."""

    limit = _limit()
    cursor = Number("The cursor that the page before gave")


class PromoteSchema(Incoming):
    """Why a version is to serve, and whether in spite of what speaks against it."""

    because = Text(1_000, "Why; kept for ever. Needed with force")
    force = Flag(
        load_default=False, metadata={"description": "Promote it in spite of what speaks against it; false if left out"}
    )


class RollBackSchema(Incoming):
    """Why the version that served before is to serve again."""

    because = Text(1_000, "Why; kept for ever")


class PeriodSchema(Incoming):
    """Which week, month or quarter a report is about, and whether it comes as JSON or CSV."""

    period = Printable(10, "A month as 2026-11, a quarter as 2026-Q4, a week as 2026-W48; this month when left out")
    format = Choice(FORMATS, "As what the report comes; csv has its main table alone", needed=False)


class DiffSchema(Incoming):
    """Which decisions to replay, and whether to wait for what comes of it."""

    limit = _limit(MOST_REPLAYED_LATER, usual=2_000, about="How many decisions to replay, the newest first")
    since = Instant("Only decisions since then")
    background = _truth(f"Whether to do it as a job; when left out, so where more than {MOST_REPLAYED:,} are asked for")


class PageSchema(Incoming):
    """How many to list at once."""

    limit = _limit()
    cursor = Cursor(40, "The cursor that the page before gave")


class CampaignSchema(Incoming):
    """A campaign of marketing: leads belong to it that name it as their campaign, or its utm_campaign."""

    name = Printable(200, "Its name, as leads say it in `campaign`", needed=True)
    starts_on = Day("Its first day, in the agreement's time zone")
    ends_on = Day("Its last day")
    expected_leads = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(0, MOST_EXPECTED, error=f"a whole number from 0 to {MOST_EXPECTED:,} expected"),
        error_messages={"required": "required", "null": "required", "invalid": "a whole number expected"},
        metadata={"description": "How many leads it is to bring in all"},
    )
    deadline = Flag(
        load_default=False, metadata={"description": "Whether people come late, for a deadline; false if left out"}
    )
    utm_campaign = Printable(500, "Its utm_campaign; the name when left out")
    about = Text(2_000, "What sales is to know of it")


class ListSchema(Incoming):
    """Which leads to list, and how many at once."""

    limit = _limit()
    cursor = Cursor(40, "The cursor that the page before gave")
    state = Printable(20, STATES)
    grade = Printable(20, "Letter of the score")
    qualified = _truth("true or false")
    email = Email(320, "E-mail address")
    team = Printable(200, "The team that has the lead")
    rep = Printable(200, "The rep who has the lead")
