"""What a model reads must be what leads can bring."""

import pytest

from models.supply import unsupplied
from scoring.attributes import Attribute, Kind
from tests.builders import scorecard


def employees(kind: Kind) -> dict[str, Attribute]:
    """A declaration of employees, which the model reads as a number."""
    return {"employees": Attribute(kind=kind, about="People working there")}


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        (employees("number"), ()),
        (employees("text"), ()),
        (
            {},
            (
                (
                    "the playbook in force does not declare 'employees', which the model reads; "
                    "add it under attributes, as {type: number}"
                ),
            ),
        ),
        (
            employees("list"),
            ("'employees' is a list in the playbook in force, and the model reads it as a number",),
        ),
    ],
)
def test_declared_and_built_in_attributes_are_supplied(declared: dict[str, Attribute], said: tuple[str, ...]) -> None:
    assert unsupplied(scorecard(), declared) == said
