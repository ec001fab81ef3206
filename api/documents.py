"""What the API answers, as schemas: they write its document and say in tests whether an answer keeps to it."""

from marshmallow import INCLUDE, Schema, fields

from api.schemas import STATES, ConsentSchema


def _text(about: str, *, none: bool = False) -> fields.String:
    return fields.String(required=True, allow_none=none, metadata={"description": about})


def _number(about: str) -> fields.Float:
    return fields.Float(required=True, metadata={"description": about})


def _instant(about: str, *, none: bool = False) -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, allow_none=none, metadata={"description": about})


class FieldErrorSchema(Schema):
    """One field that is at fault."""

    field = _text("Dotted path of the field; empty for the body as a whole")
    message = _text("What is wrong with it")
    line = fields.Integer(metadata={"description": "In a text: the line, from 1"})
    column = fields.Integer(metadata={"description": "In a text: the column, from 1"})
    code = fields.String(metadata={"description": "In a playbook: which kind of problem"})
    hint = fields.String(metadata={"description": "In a playbook: the remedy, or empty"})


class ProblemSchema(Schema):
    """A problem document (RFC 9457)."""

    type = _text("about:blank: the status says what kind of problem it is")
    title = _text("The status in words")
    status = fields.Integer(required=True, metadata={"description": "The HTTP status"})
    detail = _text("What is wrong with this request")
    errors = fields.List(fields.Nested(FieldErrorSchema), metadata={"description": "Every field at fault"})
    line = fields.Integer(metadata={"description": "In a batch: which line, from 1"})


class ReasonSchema(Schema):
    """One part of a score; the points of all reasons add up to it exactly."""

    kind = _text("base, attribute, activity, rule or limit")
    name = _text("Which attribute, activity or rule")
    value = fields.Raw(allow_none=True, metadata={"description": "The attribute's value"})
    points = _number("Points on the scale of the score, one decimal")
    text = _text("The reason as a sentence")


class FiredSchema(Schema):
    """A rule that matched."""

    name = _text("The rule's name")
    because = _text("Why the rule is there")
    effects = fields.Dict(required=True, metadata={"description": "What it did: add, set, tag, qualify, disqualify"})


class RoutedSchema(Schema):
    """Where the lead goes."""

    name = _text("The route")
    team = _text("The team")
    rep = _text("The rep; null while nobody is assigned", none=True)
    why = _text("How it came about")


class PromiseSchema(Schema):
    """What sales owes the lead."""

    name = _text("The SLA")
    respond_by = _instant("First response by then")
    warn_at = fields.List(fields.AwareDateTime(), required=True, metadata={"description": "Warnings before it"})


class DecisionSchema(Schema):
    """What Leadline decided of a lead, with every reason."""

    id = _text("The decision's id; null when it was not kept", none=True)
    lead_id = _text("The lead's id; null when it was not kept", none=True)
    decided_at = _instant("When it was decided")
    probability = _number("Calibrated probability that the lead converts, 0 to 1")
    fit = _number("Percentile of that probability, 0 to 100")
    engagement = _number("Decayed activity points, 0 to 100")
    score = _number("0 to 100")
    grade = _text("Letter of the score")
    qualified = fields.Boolean(required=True, metadata={"description": "Whether sales gets the lead"})
    disqualified = _text("Why the lead is disqualified, or null", none=True)
    tags = fields.List(fields.String(), required=True, metadata={"description": "Tags that rules put on the lead"})
    reasons = fields.List(fields.Nested(ReasonSchema), required=True, metadata={"description": "The score, explained"})
    rules = fields.List(fields.Nested(FiredSchema), required=True, metadata={"description": "Rules that matched"})
    route = fields.Nested(RoutedSchema, required=True, allow_none=True, metadata={"description": "Null: marketing"})
    sla = fields.Nested(PromiseSchema, required=True, allow_none=True, metadata={"description": "Null: no promise"})
    model = _text("Version of the model that decided")
    playbook = fields.Integer(required=True, metadata={"description": "Number of the playbook that decided"})


class KeptLeadSchema(Schema):
    """A lead that is kept."""

    id = _text("The lead's id")
    state = _text(STATES)
    received_at = _instant("When the lead first came in")
    updated_at = _instant("When it last changed")
    created_at = _instant("When the lead came to be, as its sender said")
    email = _text("E-mail address", none=True)
    phone = _text("Phone number, E.164", none=True)
    external_id = _text("The caller's own identifier", none=True)
    first_name = _text("First name", none=True)
    last_name = _text("Last name", none=True)
    company = _text("Company name", none=True)
    title = _text("Job title", none=True)
    website = _text("Web address", none=True)
    country = _text("ISO 3166 alpha-2 code", none=True)
    source = _text("What brought the lead", none=True)
    campaign = _text("Campaign of the marketing calendar", none=True)
    utm_source = _text("utm_source", none=True)
    utm_medium = _text("utm_medium", none=True)
    utm_campaign = _text("utm_campaign", none=True)
    utm_term = _text("utm_term", none=True)
    utm_content = _text("utm_content", none=True)
    message = _text("What the person wrote", none=True)
    consent = fields.Nested(ConsentSchema, required=True, allow_none=True, metadata={"description": "Consent"})
    attributes = fields.Dict(required=True, metadata={"description": "Further attributes by name"})
    team = _text("The team that has it, or null", none=True)
    rep = _text("The rep who has it, or null", none=True)
    decision = fields.Nested(DecisionSchema, required=True, allow_none=True, metadata={"description": "The latest"})


class CandidateSchema(Schema):
    """A rep of the team when a lead was to be assigned."""

    rep = _text("The rep")
    shortfall = _number("How many leads they were short of their share")
    works_from = _instant("When they were at work: then, or next; null: never", none=True)
    out = _text("Why they could not take the lead; null: they could", none=True)
    free_from = _instant("When one who is away or full may take a lead; null for others", none=True)


class AssignmentSchema(Schema):
    """Who has a lead, or had it last."""

    id = _text("The assignment's id")
    state = _text("queued, assigned, accepted, contacted; ended: rejected, reassigned, won, lost")
    route = _text("The route that led here")
    team = _text("The team")
    rep = _text("The rep; null while the lead waits in the team's queue", none=True)
    why = _text("How the choice came about: every candidate, who was left out and for what")
    candidates = fields.List(
        fields.Nested(CandidateSchema), required=True, metadata={"description": "Every rep of the team, in its order"}
    )
    received_at = _instant("When what brought this about came in")
    assigned_at = _instant("When the lead was assigned")
    accepted_at = _instant("When the rep accepted it", none=True)
    contacted_at = _instant("When the rep first tried to reach it", none=True)
    ended_at = _instant("When it was out of these hands", none=True)
    reason = _text("Why it was rejected or lost", none=True)
    amount = fields.Float(required=True, allow_none=True, metadata={"description": "What it was won for"})
    system_delay_seconds = _number("From received to assigned: Leadline's own delay")
    human_delay_seconds = fields.Float(
        required=True, allow_none=True, metadata={"description": "From assigned to the first response, nights included"}
    )
    possible = fields.List(
        fields.String(), required=True, metadata={"description": "What may be done with the lead: accept, contact, ..."}
    )


class ClockSchema(Schema):
    """A promise to a lead, kept or broken; seconds are of working time."""

    kind = _text("first_response, acceptance or attempts")
    sla = _text("The SLA that promises it")
    state = _text("running, paused, met, breached, or stopped: ended undecided")
    started_at = _instant("When it started")
    due_at = _instant("By when it is to be done")
    warn_at = fields.List(fields.AwareDateTime(), required=True, metadata={"description": "Warnings before it"})
    target = fields.Integer(required=True, allow_none=True, metadata={"description": "How many attempts are promised"})
    paused_at = _instant("Since when it is paused", none=True)
    paused_seconds = fields.Float(required=True, allow_none=True, metadata={"description": "Paused so far"})
    breached_at = _instant("When it was found broken", none=True)
    ended_at = _instant("When it ended", none=True)
    elapsed_seconds = fields.Float(
        required=True, allow_none=True, metadata={"description": "Taken until it was done, in time or late"}
    )


class LeadOnFloorSchema(KeptLeadSchema):
    """A lead that is kept, with its latest assignment and that one's clocks."""

    assignment = fields.Nested(
        AssignmentSchema, required=True, allow_none=True, metadata={"description": "Null: sales never had it"}
    )
    clocks = fields.List(fields.Nested(ClockSchema), required=True, metadata={"description": "Promises to the lead"})


class PageSchema(Schema):
    """A page of leads, newest first."""

    leads = fields.List(fields.Nested(KeptLeadSchema), required=True, metadata={"description": "The leads"})
    cursor = _text("Pass it as ?cursor= for the next page; null at the end", none=True)


class RepSchema(Schema):
    """A rep of a team, now."""

    team = _text("The team")
    rep = _text("The rep")
    weight = _number("Their weight: a rep of weight 2 gets twice what one of weight 1 gets")
    capacity = _text("What they take at most: 20 per day, 60 per week", none=True)
    today = fields.Integer(required=True, metadata={"description": "Leads they got today"})
    this_week = fields.Integer(required=True, metadata={"description": "Leads they got this week"})
    this_month = fields.Integer(required=True, metadata={"description": "Leads they got this month"})
    credit = _number("Leads of this month they are credited with for when they were away or not yet there")
    open = fields.Integer(required=True, metadata={"description": "Leads they hold"})
    last_assigned_at = _instant("When they last got a lead", none=True)
    absent_until = _instant("Until when they are away", none=True)
    works_from = _instant("When they are at work: now, or next; null: never", none=True)


class RepsSchema(Schema):
    """The reps of every team."""

    reps = fields.List(fields.Nested(RepSchema), required=True, metadata={"description": "In the playbook's order"})


class ReceiptSchema(Schema):
    """That something was received."""

    id = _text("The id of what was received; it tells nothing of the person")


class EntrySchema(Schema):
    """One thing that happened to a lead; further fields depend on its kind."""

    class Meta:
        """Which further fields there may be."""

        unknown = INCLUDE

    at = _instant("When it happened")
    kind = _text("submission, activity, assignment, move, or an event: lead.scored, lead.assigned, sla.breached, ...")


class TimelineSchema(Schema):
    """What happened to a lead."""

    entries = fields.List(fields.Nested(EntrySchema), required=True, metadata={"description": "Oldest first"})


class TriedSchema(Schema):
    """A rule or a route that was tried."""

    name = _text("Its name")
    because = _text("Why it is there")
    holds = fields.Boolean(required=True, metadata={"description": "Whether its condition holds"})
    outcome = _text("What came of it")
    when = fields.Dict(
        required=True, allow_none=True, metadata={"description": "Each condition's value and truth; null: always"}
    )
    why_not = fields.List(
        fields.String(), required=True, metadata={"description": "What keeps its condition from holding"}
    )


class ExplanationSchema(Schema):
    """How a lead is decided now."""

    decision = fields.Nested(DecisionSchema, required=True, metadata={"description": "The decision, not kept"})
    rules = fields.List(fields.Nested(TriedSchema), required=True, metadata={"description": "In the order tried"})
    routes = fields.List(fields.Nested(TriedSchema), required=True, metadata={"description": "Empty: not qualified"})
    unrouted = _text("Why no route is tried; null: routes are", none=True)


class StateSchema(Schema):
    """Whether the server can serve, and if not, why."""

    ready = fields.Boolean(required=True, metadata={"description": "Whether leads can be decided"})
    checks = fields.Dict(required=True, metadata={"description": "ok, or what is wrong, by name"})
    model = _text("The active model, or null", none=True)
    playbook = fields.Integer(required=True, allow_none=True, metadata={"description": "The playbook in force"})
    matched_by = _text("What matches its rules: durable-rules or python", none=True)


class PublicationSchema(Schema):
    """A playbook coming into force."""

    at = _instant("When")
    by = _text("Who did it: the name of the key, or as the command line was told")
    because = _text("Why")


class PlaybookVersionSchema(Schema):
    """A kept playbook; its text is at its own address."""

    number = fields.Integer(required=True, metadata={"description": "Its number"})
    created_at = _instant("When it was first published")
    by = _text("Who published it")
    because = _text("Why")
    active = fields.Boolean(required=True, metadata={"description": "Whether it is in force"})
    publications = fields.List(
        fields.Nested(PublicationSchema),
        required=True,
        metadata={"description": "Every time it came into force, oldest first"},
    )


class PlaybookVersionsSchema(Schema):
    """A page of playbooks, newest first."""

    versions = fields.List(
        fields.Nested(PlaybookVersionSchema), required=True, metadata={"description": "The versions"}
    )
    cursor = _text("Pass it as ?cursor= for the next page; null at the end", none=True)


class PublishedSchema(Schema):
    """That a playbook came into force."""

    number = fields.Integer(required=True, metadata={"description": "Its number, also the ETag to edit it by"})
    at = _instant("When")
    by = _text("Who did it")
    because = _text("Why")


class PlaybookProblemSchema(Schema):
    """One thing wrong at one place of a playbook."""

    file = _text("playbook.yaml: what was sent")
    line = fields.Integer(required=True, metadata={"description": "The line, from 1"})
    column = fields.Integer(required=True, metadata={"description": "The column, from 1"})
    code = _text("Which kind of problem")
    message = _text("What is wrong")
    hint = _text("The remedy, or empty")


class CheckedSchema(Schema):
    """What a check of a playbook found."""

    problems = fields.List(
        fields.Nested(PlaybookProblemSchema), required=True, metadata={"description": "Empty: it can be published"}
    )


class CaseSchema(Schema):
    """How one case came out."""

    name = _text("The case's name")
    ok = fields.Boolean(required=True, metadata={"description": "Whether all came out as expected"})
    differences = fields.List(
        fields.String(), required=True, metadata={"description": "What was expected and what was found, by line"}
    )


class TestedSchema(Schema):
    """How a playbook's cases came out."""

    __test__ = False

    passed = fields.Integer(required=True, metadata={"description": "Cases that came out as expected"})
    failed = fields.Integer(required=True, metadata={"description": "Cases that did not; no case at all counts as one"})
    cases = fields.List(fields.Nested(CaseSchema), required=True, metadata={"description": "Each case"})
    uncovered = fields.List(
        fields.String(), required=True, metadata={"description": "Rules and routes that no case reaches"}
    )


PROBLEM = ProblemSchema()
DECISION = DecisionSchema()
KEPT_LEAD = KeptLeadSchema()
STANDING = LeadOnFloorSchema()
PAGE = PageSchema()
REPS = RepsSchema()
RECEIPT = ReceiptSchema()
STATE = StateSchema()
TIMELINE = TimelineSchema()
EXPLANATION = ExplanationSchema()
PLAYBOOK_VERSIONS = PlaybookVersionsSchema()
PUBLISHED = PublishedSchema()
CHECKED = CheckedSchema()
TESTED = TestedSchema()
