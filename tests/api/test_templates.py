"""The words for events: ours, and those of a house, which may be wrong in any way and never keep a message back."""

import json
import re
from pathlib import Path
from typing import get_args

import pytest
from structlog.testing import capture_logs

from api.cli.notifications import notifications
from api.worker.examples import PAYLOADS, examples
from api.worker.templates import KINDS, Templates
from api.worker.words import OURS, Message, words_of
from store.events import EventKind
from store.notices import ADMINISTRATORS, EVERYBODYS, TOLD
from tests.api.builders import Run


def written(home: Path, name: str, text: str) -> Templates:
    """The templates of a house that has one of its own."""
    (home / "notifications").mkdir(exist_ok=True)
    (home / "notifications" / name).write_text(text, encoding="utf-8")
    return Templates(home)


def said(templates: Templates, kind: EventKind = "sla.warning") -> Message:
    """The words for the first example of a kind."""
    event, lead, holder = next(examples(kind))
    return templates.words_of(event, lead, holder, "Europe/Berlin")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_event_has_its_words(kind: EventKind) -> None:
    for event, lead, holder in examples(kind):
        words = words_of(event, lead, holder)

        assert "{" not in words.subject + words.text
        assert "None" not in words.subject + words.text


def test_every_template_is_of_a_kind_of_event() -> None:
    assert {file.stem for file in OURS.glob("*.txt")} == set(get_args(EventKind)) == set(PAYLOADS)


@pytest.mark.parametrize("kind", KINDS)
def test_both_examples_of_a_kind_have_the_same_names(kind: EventKind) -> None:
    full, bare = PAYLOADS[kind]

    assert list(full) == list(bare)


def test_a_houses_own_words_go_before_ours(tmp_path: Path) -> None:
    text = "Subject: {{ lead.first_name }} waits\n{{ clock }}, {{ data.due_at | time }}, {{ lead.attributes.segment }}"

    own = said(written(tmp_path, "sla.warning.txt", text))

    assert own == Message(subject="Ann waits", text="first response, Tue 24 Nov 11:15 CET, enterprise\n")


def test_a_change_shows_at_the_next_message(tmp_path: Path) -> None:
    templates = written(tmp_path, "sla.warning.txt", "Subject: one\ntext")
    before = said(templates).subject
    written(tmp_path, "sla.warning.txt", "Subject: another\ntext")

    assert (before, said(templates).subject) == ("one", "another")


BROKEN = [
    ("Subject: {{ data.grad }}\ntext", 1, "UndefinedError: 'dict object' has no attribute 'grad'"),
    ("Subject: a\n\n{{ lead.nmae }}", 3, "UndefinedError: 'dict object' has no attribute 'nmae'"),
    ("Subject: a\n{% if data.rep %}\ntext", 3, "Unexpected end of template."),
    ("Subject: a\n{{ data.rep | tiem }}", 2, "No filter named 'tiem'."),
    ("Subject: a\n{{ data.rep | time }}", 2, "ValueError: Invalid isoformat string: 'Ana'"),
    ("Subject: a\n{{ 1 / 0 }}", 2, "ZeroDivisionError: division by zero"),
    (
        "Subject: a\n{{ data.__class__.__mro__ }}",
        2,
        "SecurityError: access to attribute '__class__' of 'dict' object is unsafe.",
    ),
    ("Subject: a\n{{ data.clear() }}", 2, "SecurityError: access to attribute 'clear' of 'dict' object is unsafe."),
    ("Subject: a\n{% include '../secret.txt' %}", 2, "TemplateNotFound: ../secret.txt"),
    ("Subject: a", 1, "it says nothing; write a line `Subject: ...` first, and the text below it"),
    ("", 1, "it says nothing; write a line `Subject: ...` first, and the text below it"),
]


@pytest.mark.parametrize(("text", "line", "what"), BROKEN)
def test_where_a_template_is_broken_ours_says_it_and_the_log_says_once_what_is_wrong(
    tmp_path: Path, text: str, line: int, what: str
) -> None:
    templates = written(tmp_path, "sla.warning.txt", text)

    with capture_logs() as logs:
        words = [said(templates), said(templates)]

    assert words == [said(Templates(tmp_path / "elsewhere"))] * 2
    file = str(tmp_path / "notifications" / "sla.warning.txt")
    (told,) = logs
    assert (told["event"], told["file"], told["line"]) == ("template broken", file, line)
    assert str(told["what"]).startswith(what)


def test_what_is_not_text_is_broken_too(tmp_path: Path) -> None:
    templates = written(tmp_path, "sla.warning.txt", "")
    templates.own("sla.warning").write_bytes("Subject: für\ntext".encode("latin-1"))

    assert [error.what.partition(":")[0] for error in templates.broken()] == ["UnicodeDecodeError"]


def test_a_template_that_only_fails_for_some_leads_is_found(tmp_path: Path) -> None:
    templates = written(tmp_path, "lead.assigned.txt", "Subject: a\n{{ lead.first_name.upper() }}")

    assert [str(error) for error in templates.broken()] == [
        f"{templates.own('lead.assigned')}:2: UndefinedError: 'None' has no attribute 'upper'"
    ]


def test_a_template_of_no_event_is_found_and_a_part_of_others_is_none(tmp_path: Path) -> None:
    written(tmp_path, "signature.txt", "Yours")
    templates = written(tmp_path, "lead.asigned.txt", "Subject: a\ntext")
    written(tmp_path, "sla.warning.txt", "Subject: a\n{% include 'signature.txt' %}")

    assert [error.what for error in templates.broken()] == ["there is no such event; did you mean lead.assigned.txt?"]
    assert said(templates).text == "Yours\n"


def test_a_newcomer_takes_a_template_and_sees_what_it_says(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "notifications" / "sla.warning.txt"

    taken, again = run("notifications", "take", "sla.warning"), run("notifications", "take", "sla.warning")
    own.write_text(own.read_text(encoding="utf-8").replace("due by", "wanted by"), encoding="utf-8")
    shown = run("notifications", "show", "sla.warning", "--timezone", "America/New_York")

    assert taken.output == f"{own} is yours to change; `leadline notifications show sla.warning` shows what it says.\n"
    assert (again.exit_code, "is there already" in again.output) == (1, True)
    assert "Subject: Ann Berg, Big: first response is wanted by Tue 24 Nov 05:15 EST\n" in shown.output


def test_a_broken_template_is_shown_as_such(run: Run, tmp_path: Path) -> None:
    written(tmp_path, "sla.warning.txt", "Subject: a\n{{ data.grad }}")
    wrong = f"{tmp_path / 'notifications' / 'sla.warning.txt'}:2: UndefinedError: 'dict object' has no attribute 'grad'"

    listed, shown = run("notifications", "list", "--json"), run("notifications", "show", "sla.warning")

    found = {each["kind"]: each for each in json.loads(listed.stdout)}
    assert (found["sla.warning"]["broken"], found["sla.breached"]["broken"]) == (wrong, None)
    assert (listed.exit_code, shown.exit_code) == (1, 1)
    assert wrong in shown.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "sla.warnin"), "'sla.warnin' is not one of"),
        (
            ("show", "sla.warning", "--timezone", "Berlin"),
            "there is no time zone 'Berlin'; write one like Europe/Berlin",
        ),
    ],
)
def test_what_there_is_not_is_refused(run: Run, words: tuple[str, ...], said: str) -> None:
    result = run("notifications", *words)

    assert (result.exit_code, said in result.output) == (2, True)


@pytest.mark.parametrize("kind", KINDS)
def test_every_name_shown_can_be_written_in_a_template(run: Run, tmp_path: Path, kind: EventKind) -> None:
    lines = run("notifications", "names", kind).stdout.splitlines()[1:]
    names = [line.split()[0] for line in lines if line.startswith(("data.", "lead.", "event.", "clock", "holder"))]

    templates = written(tmp_path, f"{kind}.txt", "Subject: a\n" + "\n".join(f"x{{{{ {name} }}}}" for name in names))

    assert len(names) > 3
    assert list(templates.broken()) == []


def test_the_page_names_who_is_told_of_what_and_verbs_that_there_are() -> None:
    page = (Path(__file__).parents[2] / "docs" / "notifications.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*?`) \|", page.partition("## ")[0], re.MULTILINE)
    verbs = re.findall(r"^leadline notifications (\w+)", page, re.MULTILINE)

    assert set(re.findall(r"`([\w.]+)`", " ".join(rows))) == {*TOLD, *EVERYBODYS, *ADMINISTRATORS}
    assert set(verbs) == set(notifications.commands)
