"""The reader under fuzz: whatever the text, it is read or refused with problems that can be shown."""

import random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules.playbook import Playbook
from rules.problems import PlaybookError, render
from rules.read import read_playbook
from rules.sample import sample_playbook


def refused_or_read(text: str) -> Playbook | None:
    """The playbook, or None when it is refused with problems that can all be shown."""
    try:
        return read_playbook(text)
    except PlaybookError as error:
        found = error.problems
    assert found
    for problem in found:
        assert problem.line >= 1
        assert problem.column >= 1
        assert "\n" not in problem.message
        render(problem, text)
    return None


@given(st.text())
@example("\ufeff# yes\n")
@example("a: &x [*x]")
@example("? {a: b}\n: c")
@example("!!binary aGk=")
@example("{[a]: &b !c 'd', <<: *b}")
def test_no_text_makes_the_reader_crash(text: str) -> None:
    refused_or_read(text)


SAMPLE = sample_playbook()
SCRAPS = [
    *"{}[]:,-&*!|>'\"%@`#\t\n\x00\x85\u2028é",
    "  ",
    "- ",
    ": ",
    "when:",
    "any:",
    "not: ",
    "{}",
    "[]",
    "~",
    "<<: *a",
    "&a ",
    "!!set ",
    "NaN",
    "-1",
    "1e999",
    "9" * 30,
    "99999999999d",
    "../../etc/passwd",
    "\ud800",
    "0001-01-01",
    "9999-12-31T23:59:59-23:59",
]


@given(seed=st.integers(0, 2**32), scrap=st.sampled_from(SCRAPS), cuts=st.integers(1, 4))
@settings(max_examples=150)
def test_no_damage_to_the_sample_makes_the_reader_crash(seed: int, scrap: str, cuts: int) -> None:
    """Pieces are cut out, moved and spiced; the reader reads or refuses."""
    chance = random.Random(seed)
    text = SAMPLE
    for _ in range(cuts):
        start = chance.randrange(len(text))
        end = start + chance.randrange(30)
        text = text[:start] + chance.choice(["", scrap, text[end : end + 20] + scrap]) + text[end:]

    refused_or_read(text)


@given(seed=st.integers(0, 2**32), scrap=st.sampled_from(SCRAPS))
@settings(max_examples=150)
def test_no_odd_value_makes_the_reader_crash(seed: int, scrap: str) -> None:
    """One value of the sample becomes another line's, or a scrap in quotes."""
    chance = random.Random(seed)
    lines = [line for line in SAMPLE.splitlines() if ": " in line]
    line = chance.choice(lines)
    key = line.split(": ", 1)[0]
    value = chance.choice(
        [f'"{scrap.encode("unicode_escape", "surrogatepass").decode()}"', chance.choice(lines).split(": ", 1)[1]]
    )

    refused_or_read(SAMPLE.replace(line, f"{key}: {value}", 1))
