"""YAML as positioned nodes: every scalar is the text as written, typed later by the field that holds it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import yaml

from rules.reading import Place, Reading

MOST_BYTES = 1_000_000
DEEPEST = 64

# The C scanner gives the same events, some thirty times as fast.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, kw_only=True, slots=True)
class ScalarNode(Place):
    """A scalar: its text, and whether it stood there without quotes."""

    text: str
    plain: bool

    @property
    def empty(self) -> bool:
        """Whether nothing was written (`because:` and then the end of the line)."""
        return self.plain and self.text == ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ListNode(Place):
    """A sequence of nodes."""

    items: tuple["Node", ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class MapNode(Place):
    """A mapping, in document order; every key is a scalar and stands once."""

    entries: tuple[tuple[ScalarNode, "Node"], ...]


Node = ScalarNode | ListNode | MapNode


def part_of(node: Node | None, key: str) -> Node | None:
    """Return what stands under a key of a mapping; None where it does not stand, or this is no mapping."""
    entries = node.entries if isinstance(node, MapNode) else ()
    return next((value for name, value in entries if name.text == key), None)


class _UnreadableError(Exception):
    """Composing cannot go on; the problem is already noted."""


def compose(text: str, reading: Reading) -> Node | None:
    """Return the root node of the one YAML document in `text`; None when it cannot be read (the problem is noted)."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        column = error.start - text.rfind("\n", 0, error.start)
        reading.note(Place(line=line, column=column), "yaml", "half a surrogate pair is not text")
        return None
    if size > MOST_BYTES:
        reading.note(Place(line=1, column=1), "too-large", f"{size:,} bytes are more than {MOST_BYTES:,}")
        return None
    quoted: list[yaml.ScalarEvent] = []
    try:
        root = _document(_remembered(yaml.parse(text, Loader=_LOADER), quoted), reading)
    except yaml.YAMLError as error:
        _note_syntax(error, text, quoted, reading)
    except _UnreadableError:
        pass
    else:
        # What an alias stands for was not read, so what is said of its place would only confuse.
        return None if any(problem.code == "alias" for problem in reading.problems) else root
    return None


def _document(events: Iterator[yaml.Event], reading: Reading) -> Node | None:
    """Return the root of the only document; a second one is noted."""
    root: Node | None = None
    documents = 0
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                reading.note(
                    _place(event), "second-document", "a second document begins here", "keep one document a file"
                )
                raise _UnreadableError
            root = _node(next(events), events, reading, 1)
    if root is None:
        reading.note(Place(line=1, column=1), "empty", "there is nothing in it", "begin with `version: 1`")
    return root


def _node(event: yaml.Event, events: Iterator[yaml.Event], reading: Reading, depth: int) -> Node:
    place = _place(event)
    _refuse_references(event, reading)
    if depth > DEEPEST:
        reading.note(place, "too-deep", f"nested more than {DEEPEST} levels deep")
        raise _UnreadableError
    if isinstance(event, yaml.ScalarEvent):
        return ScalarNode(line=place.line, column=place.column, text=event.value, plain=not event.style)
    if isinstance(event, yaml.SequenceStartEvent):
        items = tuple(_items(events, reading, depth))
        return ListNode(line=place.line, column=place.column, items=items)
    if isinstance(event, yaml.MappingStartEvent):
        entries = tuple(_entries(events, reading, depth))
        return MapNode(line=place.line, column=place.column, entries=entries)
    # An alias, noted above: an empty value lets reading go on to the other problems.
    return ScalarNode(line=place.line, column=place.column, text="", plain=False)


def _items(events: Iterator[yaml.Event], reading: Reading, depth: int) -> Iterator[Node]:
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        yield _node(event, events, reading, depth + 1)


def _entries(events: Iterator[yaml.Event], reading: Reading, depth: int) -> Iterator[tuple[ScalarNode, Node]]:
    seen: dict[str, ScalarNode] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        key = _node(event, events, reading, depth + 1)
        value = _node(next(events), events, reading, depth + 1)
        if not isinstance(key, ScalarNode):
            reading.note(key, "wrong-type", "a key must be text, not a list or a mapping")
        elif key.text == "<<" and key.plain:
            reading.note(key, "merge-key", "merge keys are not part of the playbook", "write the keys out")
        elif key.text in seen:
            first = seen[key.text].line
            reading.note(key, "duplicate-key", f"'{key.text}' stands twice; the first is on line {first}", "keep one")
        else:
            seen[key.text] = key
            yield key, value


def _refuse_references(event: yaml.Event, reading: Reading) -> None:
    if isinstance(event, yaml.AliasEvent):
        reading.note(_place(event), "alias", f"aliases (*{event.anchor}) are not part of the playbook", "write it out")
        return
    if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
        reading.note(_place(event), "anchor", f"anchors (&{event.anchor}) are not part of the playbook", "remove it")
    if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag not in (None, "!"):
        reading.note(_place(event), "tag", f"tags ({event.tag}) are not part of the playbook", "remove it")


def _place(event: yaml.Event) -> Place:
    mark = event.start_mark
    return Place(line=mark.line + 1, column=mark.column + 1) if mark else Place(line=1, column=1)


def _remembered(events: Iterator[yaml.Event], last: list[yaml.ScalarEvent]) -> Iterator[yaml.Event]:
    """Yield the events, keeping the last scalar that runs over several lines in quotes."""
    for event in events:
        if isinstance(event, yaml.ScalarEvent):
            last[:] = [event] if event.style in ("'", '"') and _lines(event) > 1 else []
        yield event


def _lines(event: yaml.Event) -> int:
    return event.end_mark.line - event.start_mark.line + 1 if event.start_mark and event.end_mark else 1


def _note_syntax(error: yaml.YAMLError, text: str, quoted: list[yaml.ScalarEvent], reading: Reading) -> None:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = Place(line=mark.line + 1, column=mark.column + 1) if mark else Place(line=1, column=1)
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
    begun = getattr(error, "context_mark", None)
    if "could not find expected ':'" in said and begun:
        place = Place(line=begun.line + 1, column=begun.column + 1)
        said = "no ':' follows this key"
    if "',' or" in said and begun and begun.line + 1 < place.line:
        said = f"{said} for the bracket that opens on line {begun.line + 1}"
    unclosed = f"is the quote on line {_place(quoted[0]).line} closed?" if quoted else ""
    hint = _strange_indent(text, place.line) or unclosed or _syntax_remedy(said)
    reading.note(place, "yaml", f"not valid YAML: {said}", hint)


def _strange_indent(text: str, line: int) -> str:
    """Return what to do about a space that is none to YAML (a no-break space, from a chat or a web page)."""
    lines = text.splitlines()[: line + 1]
    odd = next((k for k, each in enumerate(lines[1:], 2) if re.match(r"[ ]*[^\S \t\r\n]", each)), None)
    return f"replace the no-break space that indents line {odd} by a space" if odd else ""


def _syntax_remedy(said: str) -> str:
    """Return what most often is the matter when the parser says this."""
    return next((remedy for part, remedy in _SYNTAX.items() if part in said), "")


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
        "escape": "put text with backslashes in single quotes",
    }
)
