"""The README says where things are; they are there."""

import re
from pathlib import Path

import pytest
from click import Context

from api.cli import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
STEPS = re.findall(r"^\| [^|]+ \| `(\w+)` \| `([\w/]+\.py)`", README, re.MULTILINE)
ROOMS = re.findall(r"^(\w+)/  ", README, re.MULTILINE)
VERBS = re.findall(r"^leadline (\w+)(?: (\w+))?", README, re.MULTILINE)


@pytest.mark.parametrize(("function", "file"), STEPS)
def test_each_step_of_a_lead_is_a_function_in_the_file_named(function: str, file: str) -> None:
    assert f"\ndef {function}(" in (ROOT / file).read_text(encoding="utf-8")


def test_the_steps_are_found() -> None:
    assert [function for function, _ in STEPS] == ["post_lead", "parse_lead", "merge_lead", "decide", "record"]


def test_every_room_is_on_the_map() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}

    assert packages <= set(ROOMS) <= {path.name for path in ROOT.iterdir() if path.is_dir()}


@pytest.mark.parametrize(("group", "verb"), VERBS)
def test_every_command_shown_exists(group: str, verb: str) -> None:
    command = main.get_command(Context(main), group)

    assert command is not None
    assert not hasattr(command, "get_command") or command.get_command(Context(command), verb) is not None
