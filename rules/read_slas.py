"""Reads `slas`: response times, warnings, what happens on a breach."""

from itertools import pairwise

from rules.playbook import Attempts, Sla, WorkingDays
from rules.reading import Reading
from rules.sections import Field, Record, Section, named_term, section_term
from rules.spans import note_ambiguous, share_term, span_term, span_text
from rules.terms import choice_term, one_or_more_term, whole_term

ON_BREACH = ("reassign", "notify_manager", "escalate")

ATTEMPTS = Section(
    noun="attempts",
    about="How often a rep tries to reach the lead",
    fields=(
        Field(name="at_least", term=whole_term(1, 100), about="Number of attempts", required=True),
        Field(name="within", term=span_term(), about="Span of the assignment in which they happen", required=True),
    ),
)

SLA = Section(
    noun="SLA",
    about="What sales owes a lead",
    fields=(
        Field(name="respond_within", term=span_term(), about="Time to the first response", required=True),
        Field(
            name="clock",
            term=choice_term("clock", ("business", "always")),
            about="business counts the team's working time, always counts all time",
            required=True,
        ),
        Field(
            name="warn_at",
            term=one_or_more_term(share_term(), "percentages"),
            about="Shares of the time at which the rep is warned, rising",
            default=(),
        ),
        Field(
            name="on_breach",
            term=one_or_more_term(choice_term("breach action", ON_BREACH), "breach actions"),
            about="What happens when time is up: `escalate` tells the manager, then whoever is next up the chain",
            default=(),
        ),
        Field(
            name="attempts",
            term=section_term(
                ATTEMPTS, lambda record, _: Attempts(at_least=record["at_least"], within=record["within"])
            ),
            about=ATTEMPTS.about,
        ),
        Field(name="accept_within", term=span_term(), about="Time for the rep to accept or reject the lead"),
    ),
)


def _sla(name: str, record: Record, reading: Reading) -> Sla:
    _check_warnings(record, reading)
    for key in ("respond_within", "accept_within"):
        if record["clock"] == "business" and key in record.nodes:
            note_ambiguous(record.nodes[key], reading)
    _check_acceptance(record, reading)
    return Sla(
        name=name,
        respond_within=record["respond_within"],
        clock=record["clock"],
        warn_at=record["warn_at"],
        on_breach=tuple(dict.fromkeys(record["on_breach"])),
        attempts=record["attempts"],
        accept_within=record["accept_within"],
    )


def _check_warnings(record: Record, reading: Reading) -> None:
    shares = record["warn_at"]
    if any(later <= earlier for earlier, later in pairwise(shares)):
        reading.note(record.nodes["warn_at"], "warn-order", "the warnings do not rise", "write [50%, 80%]")
    elif any(not 0 < share < 1 for share in shares):
        reading.note(
            record.nodes["warn_at"], "warn-order", "a warning must lie between 0% and 100%", "write [50%, 80%]"
        )


def _check_acceptance(record: Record, reading: Reading) -> None:
    """Note an acceptance that may come after the response it is to speed up."""
    accept, respond = record["accept_within"], record["respond_within"]
    same_kind = type(accept) is type(respond)
    if same_kind and (accept.days > respond.days if isinstance(accept, WorkingDays) else accept > respond):
        message = f"a rep may accept after {span_text(accept)}, but must respond within {span_text(respond)}"
        reading.note(record.nodes["accept_within"], "sla-order", message, "let acceptance come before the response")


SLAS = named_term(SLA, _sla)
