"""What a form's fields say of a lead, and the page that asks for another look at them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from api.parse import LEAD, FieldError, InputError
from scoring.attributes import coerce

Fields = Mapping[str, Sequence[str]]

LONGEST_SHOWN = 10_000
# Shown again only when they are wrong: what pages fill in themselves, and a box that was ticked.
HIDDEN = frozenset(
    {"consent", "source", "campaign", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """One field as it is shown again: what was typed and what is wrong with it."""

    name: str
    label: str
    typed: tuple[str, ...]
    error: str
    hidden: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One line of the summary of what needs another look; `name` is empty where no field is at fault."""

    name: str
    label: str
    message: str


def form_data(fields: Fields) -> dict[str, object]:
    """A form's fields as the JSON object that would say the same; names a lead does not have become attributes.

    A field given several times is a list. Raises: InputError for a lead's field given several times.
    """
    _refuse_repeated(fields)
    data: dict[str, object] = {}
    attributes: dict[str, object] = {}
    for name, values in fields.items():
        if name == "consent":
            data["consent"] = _consent(values[0])
        elif name in LEAD.fields and name != "attributes":
            data[name] = values[0]
        else:
            attributes[name] = values[0] if len(values) == 1 else list(values)
    return data | {"attributes": attributes}


def boxes(fields: Fields, trap: str | None, errors: Iterable[FieldError]) -> list[Box]:
    """The fields to show again: those that were sent, then those that are missing, each with its error."""
    wrong = {_field(error.field): error.message for error in errors if error.field}
    names = [name for name in dict.fromkeys([*fields, *wrong]) if name != trap]
    return [
        Box(
            name=name,
            label=label(name),
            typed=tuple(value[:LONGEST_SHOWN] for value in fields.get(name, ())),
            error=wrong.get(name, ""),
            hidden=name in HIDDEN and name not in wrong,
        )
        for name in names
    ]


def faults(errors: Iterable[FieldError]) -> list[Fault]:
    """The errors as lines for the visitor."""
    return [
        Fault(name=_field(error.field), label=label(_field(error.field)), message=error.message) for error in errors
    ]


def label(name: str) -> str:
    """A field's name as people read it: `first_name` is First name."""
    words = {"email": "E-mail", "utm_source": "utm_source"}
    return words.get(name) or name.replace("_", " ").strip().capitalize()


def _field(path: str) -> str:
    return path.removeprefix("attributes.").split(".")[0] if not path.startswith("attributes.") else path[11:]


def _refuse_repeated(fields: Fields) -> None:
    repeated = [name for name, values in fields.items() if len(values) > 1 and name in LEAD.fields]
    if repeated:
        raise InputError([FieldError(field=name, message=f"given {len(fields[name])} times") for name in repeated])


def _consent(text: str) -> object:
    """What a checkbox says: blank is no answer; anything that is no flag is passed on, to be refused with its field."""
    if not text.strip():
        return None
    flag = coerce(text, "flag")
    return {"marketing": text if flag is None else flag}
