"""YAML as positioned nodes: every scalar is the text as written, typed later by the field that holds it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from rules.problems import PlaybookError, shown
from rules.reading import Place, Reading
from rules.syntax import note_syntax, place_of, remembered

MOST_BYTES = 1_000_000
DEEPEST = 64

# The C scanner gives the same events, some thirty times as fast.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

# Quotes that word processors and chats make of straight ones.
_CURLY = re.compile(
    r"[\u201c-\u201f\u2018-\u201b\u00ab]([^\u201c-\u201f\u00ab\u00bb]+)[\u201c-\u201f\u2018-\u201b\u00bb\"']"
)
_TEMPLATE = re.compile(r"\$\{|\{\{|\{%|<%")


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


def decoded(data: bytes, *, file: str) -> str:
    """Return the text of a UTF-8 file, with or without a byte order mark.

    Raises:
        PlaybookError: with the place of the first byte that is none of UTF-8's.
    """
    try:
        return data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        place = Place(line=before.count("\n") + 1, column=len(before) - before.rfind("\n"))
        reading = Reading(file=file)
        reading.note(place, "encoding", f"the byte 0x{data[error.start]:02x} is not UTF-8", "save the file as UTF-8")
        raise PlaybookError(tuple(reading.problems)) from None


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
        root = _document(remembered(yaml.parse(text, Loader=_LOADER), quoted), reading)
    except yaml.YAMLError as error:
        note_syntax(error, text, quoted, reading)
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
                    place_of(event), "second-document", "a second document begins here", "keep one document a file"
                )
                raise _UnreadableError
            root = _node(next(events), events, reading, 1)
    if root is None:
        reading.note(Place(line=1, column=1), "empty", "there is nothing in it", "begin with `version: 1`")
    return root


def _node(event: yaml.Event, events: Iterator[yaml.Event], reading: Reading, depth: int) -> Node:
    place = place_of(event)
    _refuse_references(event, reading)
    if depth > DEEPEST:
        reading.note(place, "too-deep", f"nested more than {DEEPEST} levels deep")
        raise _UnreadableError
    if isinstance(event, yaml.ScalarEvent):
        return ScalarNode(line=place.line, column=place.column, text=_text(event, reading), plain=not event.style)
    if isinstance(event, yaml.SequenceStartEvent):
        items = tuple(_items(events, reading, depth))
        return ListNode(line=place.line, column=place.column, items=items)
    if isinstance(event, yaml.MappingStartEvent):
        entries = tuple(_entries(place, events, reading, depth))
        return MapNode(line=place.line, column=place.column, entries=entries)
    # An alias, noted above: an empty value lets reading go on to the other problems.
    return ScalarNode(line=place.line, column=place.column, text="", plain=False)


def _text(event: yaml.ScalarEvent, reading: Reading) -> str:
    """Return what a scalar says; curly quotes around it and templating are noted here, and not blamed again."""
    text: str = event.value
    place = place_of(event)
    if not event.style and (quoted := _CURLY.fullmatch(text)):
        remedy = f"write '{shown(quoted[1])}'; if they belong to the text, put straight ones around it all"
        reading.blame(place, "curly-quote", f"the curly quotes around {shown(text)} are no quotes to YAML", remedy)
        return quoted[1]
    if template := _TEMPLATE.search(text):
        reading.blame(place, "templating", f"templating ({template[0]}) is not part of the playbook", "write it out")
    return text


def _items(events: Iterator[yaml.Event], reading: Reading, depth: int) -> Iterator[Node]:
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        yield _node(event, events, reading, depth + 1)


def _entries(
    place: Place, events: Iterator[yaml.Event], reading: Reading, depth: int
) -> Iterator[tuple[ScalarNode, Node]]:
    seen: dict[str, ScalarNode] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        key = _node(event, events, reading, depth + 1)
        value = _node(next(events), events, reading, depth + 1)
        if isinstance(key, MapNode) and (key.line, key.column) == (place.line, place.column + 1):
            reading.blame(place, "templating", "templating ({{) is not part of the playbook", "write it out")
        elif not isinstance(key, ScalarNode):
            reading.note(key, "wrong-type", "a key must be text, not a list or a mapping", "write a key for each")
            reading.blamed.add((place.line, place.column))
        elif key.text == "<<" and key.plain:
            reading.blame(key, "merge-key", "merge keys are not part of the playbook", "write the keys out")
        elif key.text in seen:
            _note_twice(key, seen, reading)
        else:
            seen[key.text] = key
            yield key, value


def _note_twice(key: ScalarNode, seen: dict[str, ScalarNode], reading: Reading) -> None:
    """Note a key that stands twice; where it is the first of a block, a new list item is to begin there."""
    first, opening = seen[key.text], next(iter(seen.values()))
    message = f"'{key.text}' stands twice; the first is on line {first.line}"
    if (opening.line, opening.column) in reading.blamed:
        return
    if first is not opening or first.line == key.line:
        reading.note(key, "duplicate-key", message, "keep one")
        return
    reading.note(key, "duplicate-key", message, "keep one, or begin a new list item with '- '")
    reading.blamed |= {(other.line, other.column) for other in seen.values()}


def _refuse_references(event: yaml.Event, reading: Reading) -> None:
    if isinstance(event, yaml.AliasEvent):
        reading.note(
            place_of(event), "alias", f"aliases (*{event.anchor}) are not part of the playbook", "write it out"
        )
        return
    if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
        reading.blame(place_of(event), "anchor", f"anchors (&{event.anchor}) are not part of the playbook", "remove it")
    if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag not in (None, "!"):
        reading.blame(place_of(event), "tag", f"tags ({event.tag}) are not part of the playbook", "remove it")
