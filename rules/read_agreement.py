"""Reads `agreement`: what marketing delivers, and what sales does in return."""

from collections.abc import Mapping
from types import MappingProxyType

from rules.playbook import Agreement, Commitment, Delivery, Duty
from rules.read_calendars import ZONE
from rules.read_conditions import ROUTE_STAGES, condition_term
from rules.reading import Reading
from rules.sections import Field, Record, Section, section_schema, section_term
from rules.spans import length_term, period_term, share_term
from rules.terms import Term, list_term, one_or_more_term, reference_term, whole_term

PER = Field(name="per", term=period_term(), about="The period", required=True)

DELIVERY = Section(
    noun="delivery",
    about="What marketing promises sales",
    fields=(
        Field(name="deliver", term=whole_term(1), about="Number of qualified leads", required=True),
        Field(name="of", term=condition_term(ROUTE_STAGES), about="Which leads count; without it, all qualified ones"),
        PER,
    ),
)

UNDER = Section(
    noun="scope",
    about="Which leads a promise of sales is about",
    fields=(Field(name="sla", term=one_or_more_term(reference_term("SLA"), "SLAs"), about="SLAs", required=True),),
)

# What sales may promise, and which share of the leads each is about.
DUTIES: Mapping[Duty, str] = MappingProxyType(
    {
        "respond": "Share of leads answered in the SLA's `respond_within`, as `95%`",
        "attempt": "Share of leads tried as often as the SLA's `attempts` say, in time",
        "accept": "Share of leads accepted or rejected in the SLA's `accept_within`",
        "give_outcome": "Share of leads won, lost or rejected, with the reason, `within` a span of the assignment",
    }
)

COMMITMENT = Section(
    noun="promise",
    about="What sales promises marketing: one of respond, attempt, accept and give_outcome",
    fields=(
        *(Field(name=duty, term=share_term(), about=about) for duty, about in DUTIES.items()),
        Field(
            name="within",
            term=length_term(),
            about="For give_outcome: the span of the assignment in which the outcome is given back",
        ),
        Field(
            name="of",
            term=section_term(UNDER, lambda record, _: record["sla"]),
            about="Which leads count; without it, all",
            default=(),
        ),
        PER,
    ),
)


def _delivery(record: Record, reading: Reading) -> Delivery:
    return Delivery(count=record["deliver"], of=record["of"], per=record["per"])


def _commitment(record: Record, reading: Reading) -> Commitment | None:
    promised = [duty for duty in DUTIES if duty in record.nodes]
    if not promised:
        reading.note(record.place, "missing-key", "the promise promises nothing", f"add one of {', '.join(DUTIES)}")
        return None
    duty, *more = promised
    for other in more:
        message = f"one promise cannot be about both '{duty}' and '{other}'"
        reading.note(record.keys[other], "two-promises", message, "write a promise for each")
    if more or not _timed(duty, record, reading):
        return None
    return Commitment(
        duty=duty,
        share=record[duty],
        slas=record["of"],
        per=record["per"],
        within=record["within"],
        line=record.place.line,
        column=record.place.column,
    )


def _timed(duty: Duty, record: Record, reading: Reading) -> bool:
    """Return whether `within` stands where it belongs: with outcomes, which no SLA gives a time."""
    if duty == "give_outcome" and "within" not in record.nodes:
        reading.note(record.place, "missing-key", "the promise has no 'within'", "add `within: 60d`")
    elif duty != "give_outcome" and "within" in record.nodes:
        message = f"the SLA says in which time leads are to be handled, so '{duty}' takes no 'within'"
        reading.note(record.keys["within"], "unknown-key", message, "remove it")
    else:
        return True
    return False


_PLAIN = section_term(COMMITMENT, _commitment)
COMMITMENT_TERM = Term(
    says=_PLAIN.says,
    read=_PLAIN.read,
    schema={
        **section_schema(COMMITMENT),
        "oneOf": [{"required": [duty, *(("within",) if duty == "give_outcome" else ())]} for duty in DUTIES],
    },
)

SECTION = Section(
    noun="agreement",
    about="The agreement between marketing and sales",
    fields=(
        Field(name="timezone", term=ZONE, about="Time zone in which its weeks and months begin and end", default="UTC"),
        Field(
            name="marketing",
            term=list_term(section_term(DELIVERY, _delivery), "deliveries"),
            about="What marketing delivers",
            default=(),
        ),
        Field(
            name="sales",
            term=list_term(COMMITMENT_TERM, "promises"),
            about="What sales promises",
            default=(),
        ),
    ),
)

AGREEMENT = section_term(SECTION, lambda record, _: Agreement(**record.values))
