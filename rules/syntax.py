"""What the YAML parser says, in words that help, at the place that is to blame."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import yaml

from rules.problems import LINE_BREAK, shown
from rules.reading import Place, Reading


def place_of(event: yaml.Event) -> Place:
    """Return where an event begins."""
    mark = event.start_mark
    return Place(line=mark.line + 1, column=mark.column + 1) if mark else Place(line=1, column=1)


def remembered(events: Iterator[yaml.Event], last: list[yaml.ScalarEvent]) -> Iterator[yaml.Event]:
    """Yield the events, keeping the last scalar that runs over several lines in quotes."""
    for event in events:
        if isinstance(event, yaml.ScalarEvent):
            last[:] = [event] if event.style in ("'", '"') and _lines(event) > 1 else []
        yield event


def _lines(event: yaml.Event) -> int:
    return event.end_mark.line - event.start_mark.line + 1 if event.start_mark and event.end_mark else 1


def note_syntax(error: yaml.YAMLError, text: str, quoted: list[yaml.ScalarEvent], reading: Reading) -> None:
    """Note what the parser stumbled over: a known slip where one stands there, else what the parser said."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = Place(line=mark.line + 1, column=mark.column + 1) if mark else Place(line=1, column=1)
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
    begun = getattr(error, "context_mark", None)
    if "could not find expected ':'" in said and begun:
        place = Place(line=begun.line + 1, column=begun.column + 1)
        said = "no ':' follows this key"
    lines = LINE_BREAK.split(text)
    slip = _unprintable(lines) or _slip(lines, place, said) or _run_on(quoted, place)
    if slip:
        reading.note(*slip)
        return
    if "',' or" in said and begun and begun.line + 1 < place.line:
        said = f"{said} for the bracket that opens on line {begun.line + 1}"
    remedy = next((remedy for part, remedy in _SYNTAX.items() if part in said), "")
    reading.note(place, "yaml", f"not valid YAML: {said}", remedy)


# Place, code, message, remedy.
_Slip = tuple[Place, str, str, str]


def _slip(lines: list[str], place: Place, said: str) -> _Slip | None:
    """Return the known slip in the line where the parser stopped, or in the one above it."""
    above = next((k for k in range(place.line - 1, 0, -1) if lines[k - 1].strip()), 0)
    for slip in (slip for slip in _SLIPS if re.search(slip.said, said)):
        for number in (place.line, above) if slip.above else (place.line,):
            found = slip.line.search(lines[number - 1]) if 0 < number <= len(lines) else None
            if found and (not slip.at_place or found.start(1) + 1 == place.column):
                at = Place(line=number, column=found.start(1) + 1)
                parts = [shown(part) for part in found.groups()]
                return at, slip.code, slip.message.format(*parts), slip.remedy.format(*parts)
    return None


def _run_on(quoted: list[yaml.ScalarEvent], place: Place) -> _Slip | None:
    """Return where a quote opens that was most likely to be closed before the end of its line."""
    if not quoted:
        return None
    remedy = "close the quote; an apostrophe inside is written twice ('')"
    return place_of(quoted[0]), "yaml", f"the quote that opens here runs on to line {place.line}", remedy


def _unprintable(lines: list[str]) -> _Slip | None:
    for number, line in enumerate(lines, start=1):
        if found := _UNPRINTABLE.search(line):
            at = Place(line=number, column=found.start() + 1)
            return at, "yaml", f"the control character {shown(found[0])} cannot stand in a playbook", "remove it"
    return None


_UNPRINTABLE = re.compile("[^\t\x20-\x7e\xa0-\ud7ff\ue000-\U0010ffff]|[\ufffe\uffff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Slip:
    """A slip of the pen: its line (group 1 is to blame), the pattern of what the parser says of it, and the remedy.

    `above`: the parser may notice it a line later. `at_place`: it is one only where the parser stopped.
    """

    line: re.Pattern[str]
    said: str = ""
    message: str
    remedy: str
    code: str = "yaml"
    above: bool = False
    at_place: bool = False


_SLIPS = (
    Slip(line=re.compile(r"^ *(\t)"), message="a tab indents this line", remedy="indent with spaces", above=True),
    Slip(
        line=re.compile(r"^[ ]*((?! |\t)[^\S\r\n])"),
        message="a no-break space indents this line",
        remedy="replace it by a space",
        above=True,
    ),
    Slip(
        line=re.compile("^[^#]*?:([\u00a0\u2007\u202f\u3000])"),
        said="':'",
        message="a no-break space follows the colon",
        remedy="replace it by a space",
    ),
    Slip(
        line=re.compile("^[^#]*?([\u200b-\u200f\u2060\ufeff\u00ad])"),
        message="an invisible character ({0}) stands here",
        remedy="remove it",
        above=True,
    ),
    Slip(
        line=re.compile(r"(\$\{|\{\{|\{%|<%)"),
        message="templating ({0}) is not part of the playbook",
        remedy="write it out",
        code="templating",
    ),
    Slip(line=re.compile(r"^(```)"), message="'```' is not YAML", remedy="remove the line"),
    Slip(line=re.compile(r"^\s*(//|--(?!-))"), message="'{0}' begins no comment", remedy="write '#'"),
    Slip(
        line=re.compile(r"\w('(?=\w).*)"),
        said="expected key|',' or",
        message="the apostrophe ends the quoted text",
        remedy="write it twice (''), or put the text in double quotes",
    ),
    Slip(
        line=re.compile(r"^\s*(?:- )?[\w-]+(:)(?=[^\s/])(.*)"),
        message="no space follows the colon",
        remedy="write ': {1}'",
        above=True,
    ),
    Slip(
        line=re.compile(r"^\s*(-)(?=\w[\w-]*:\s)"), message="no space follows the dash", remedy="write '- '", above=True
    ),
    Slip(
        line=re.compile("^\\s*([\u2010-\u2015\u2022*\u00b7])\\s"),
        message="'{0}' begins no list item",
        remedy="write '- '",
        above=True,
    ),
    Slip(
        line=re.compile(r"^\s*(?:- )?([\w-]+)\s*=\s*(.*)"),
        said="':'",
        message="'=' stands where a colon must",
        remedy="write `{0}: {1}`",
    ),
    Slip(
        line=re.compile(r"^\s*(?:- )?[\w-]+: [^'\"\[{#]*?(: )"),
        said="mapping values",
        message="': ' cannot stand in a text",
        remedy="put the text in quotes",
    ),
    Slip(
        line=re.compile(r"^\s*(\S)"),
        said="mapping values",
        message="this line is indented more than the key it should stand beside",
        remedy="indent it like the line above, or give the line above a colon",
    ),
    Slip(
        line=re.compile(r"(?:^\s*|[:\[{,-] +)([@`%*&|>?])"),
        message="'{0}' cannot begin a text",
        remedy="put it in quotes",
        at_place=True,
    ),
    Slip(
        line=re.compile(r": ([|>])\s*[^#\s]"),
        said="comment or line break",
        message="'{0}' cannot begin a text",
        remedy="put it in quotes, or begin the text on the next line",
    ),
    Slip(
        line=re.compile(r": +([*&])(?:[\s,}\]]|$)"),
        said="alphabetic",
        message="'{0}' cannot begin a text",
        remedy="put it in quotes",
    ),
    Slip(
        line=re.compile(r": +(- )"),
        said="block sequence",
        message="a list item cannot begin on the line of its key",
        remedy="begin it on a new line, or put the text in quotes",
    ),
    Slip(
        line=re.compile(r"[,\[]\s*(,)"),
        said="node content",
        message="a value is missing before this comma",
        remedy="write it, or take the comma out",
    ),
    Slip(line=re.compile(r"(;)\s*[\w-]+:\s"), said="',' or", message="';' separates nothing", remedy="write a comma"),
    Slip(
        line=re.compile(r"^\s*(- )"),
        said="expected",
        message="this item is indented otherwise than the items above it",
        remedy="indent it like them",
    ),
    Slip(
        line=re.compile(r"[\]}]\s*([\]}])\s*(?:#.*)?$"),
        said="expected key",
        message="'{0}' closes a bracket that is not open",
        remedy="remove it",
    ),
)


_SYNTAX: Mapping[str, str] = MappingProxyType(
    {
        "tab": "indent with spaces, not tabs",
        "token": "indent with spaces, not tabs, and quote text that begins with a special character",
        "no ':' follows": "add a colon behind it, or quote the text",
        "mapping values": "put text that holds ': ' in quotes, and check the indentation",
        "'-' indicator": "indent it like the other keys of this list item, or begin a new item with '- '",
        "expected key": "indent it like the lines it belongs to, and check for a missing '- ', colon or closing quote",
        "block end": "indent it like the lines it belongs to",
        "',' or ']'": "close the list with ']', and put commas between its items",
        "',' or '}'": "close the mapping with '}', and put commas between its keys",
        "end of stream": "close the quote or bracket that is still open",
        "document start": "keep one document a file: remove '...' or '---'",
        "escape": "put text with backslashes in single quotes",
    }
)
