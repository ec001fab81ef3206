"""Reads `agreement`: what marketing delivers, and how soon sales responds."""

from rules.playbook import Agreement, Delivery, ResponsePromise
from rules.read_conditions import ROUTE_STAGES, condition_term
from rules.reading import Reading
from rules.sections import Field, Record, Section, section_term
from rules.spans import share_term
from rules.terms import choice_term, list_term, one_or_more_term, reference_term, whole_term

PER = Field(name="per", term=choice_term("period", ("week", "month", "quarter")), about="The period", required=True)

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

RESPONSE = Section(
    noun="response promise",
    about="What sales promises marketing",
    fields=(
        Field(name="respond", term=share_term(), about="Share of leads answered in time, as `95%`", required=True),
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


def _response(record: Record, reading: Reading) -> ResponsePromise:
    return ResponsePromise(share=record["respond"], slas=record["of"], per=record["per"])


SECTION = Section(
    noun="agreement",
    about="The agreement between marketing and sales",
    fields=(
        Field(
            name="marketing",
            term=list_term(section_term(DELIVERY, _delivery), "deliveries"),
            about="What marketing delivers",
            default=(),
        ),
        Field(
            name="sales",
            term=list_term(section_term(RESPONSE, _response), "promises"),
            about="What sales promises",
            default=(),
        ),
    ),
)

AGREEMENT = section_term(SECTION, lambda record, _: Agreement(marketing=record["marketing"], sales=record["sales"]))
