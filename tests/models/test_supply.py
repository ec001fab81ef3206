"""What a model reads must be what leads can bring."""

import pytest

from models.supply import unsupplied
from scoring.attributes import Attribute, Kind
from scoring.parts import Part
from scoring.scorecard import NumberFeature
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


@pytest.mark.parametrize(("kind", "refused"), [("time", False), ("text", False), ("number", True), (None, True)])
def test_a_part_is_supplied_by_the_attribute_that_it_is_read_off(kind: Kind | None, refused: bool) -> None:
    month = Part(name="signup month", of="signup", kind="month")
    by_month = NumberFeature(name="signup month", edges=(), values=(0.0, 0.0))
    declared = {"signup": Attribute(kind=kind, about="When they signed up")} if kind else {}

    found = unsupplied(scorecard(features=(by_month,), pairs=(), parts=(month,)), declared)

    assert [("'signup'" in why, "month" in why) for why in found] == [(True, False)] * refused
