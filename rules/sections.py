"""Sections: mappings with declared fields. One table drives reading, 'did you mean', and the JSON Schema."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rules.nodes import ListNode, MapNode, Node, ScalarNode, part_of
from rules.problems import did_you_mean, meant, several, shown, with_article
from rules.reading import Level, Reading
from rules.synonyms import called_here
from rules.terms import Schema, Term, described, is_mapping


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A key a section may hold: what stands there, what it is for, and what holds when it is left out."""

    name: str
    term: Term
    about: str
    required: bool = False
    default: Any = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A mapping with declared fields; `noun` names it in messages ('wen' is not a rule key).

    `elsewhere` says of a key that is none of its own where it belongs; empty where it belongs nowhere.
    """

    noun: str
    about: str
    fields: tuple[Field, ...]
    elsewhere: Callable[[str, Reading], str] = lambda word, reading: ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What was read of one section: the value of each field (its default where absent), and what was there.

    `whole` is False when a required field is missing or any field is broken.
    """

    place: Node
    values: Mapping[str, Any]
    keys: Mapping[str, ScalarNode]
    nodes: Mapping[str, Node]
    whole: bool

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def read_section(section: Section, node: Node, reading: Reading) -> Record:
    """Return what a section says; unknown keys, missing keys and broken values are noted."""
    if not is_mapping(node, reading, with_article(section.noun), _as_mapping(section, node)) or not isinstance(
        node, MapNode
    ):
        defaults = {field.name: field.default for field in section.fields}
        return Record(place=node, values=defaults, keys={}, nodes={}, whole=False)
    fields = {field.name: field for field in section.fields}
    keys = {key.text: key for key, _ in node.entries if key.text in fields}
    nodes = {key.text: value for key, value in node.entries if key.text in fields}
    unknown = [place for place, (key, _) in enumerate(node.entries) if key.text not in fields]
    blamed = {_note_unknown(section, node, place, reading) for place in unknown}
    reading.within.append(_level(section))
    values = {field.name: _value(field, nodes.get(field.name), reading) for field in section.fields}
    reading.within.pop()
    missing = [field.name for field in section.fields if field.required and field.name not in nodes]
    for name in missing:
        if name not in blamed and (section.noun, name) not in reading.misplaced:
            value = f" {fields[name].term.schema['const']}" if "const" in fields[name].term.schema else ""
            reading.note(node, "missing-key", f"the {section.noun} has no '{name}'", f"add `{name}:{value}`")
    broken = any(values[name] is None for name in nodes)
    return Record(place=node, values=values, keys=keys, nodes=nodes, whole=not missing and not broken)


def _note_unknown(section: Section, node: MapNode, place: int, reading: Reading) -> str | None:
    """Note an unknown key, and return the key that is blamed with it, so that it is not missed as well."""
    key, value = node.entries[place]
    fields = {field.name: field for field in section.fields}
    message = f"'{shown(key.text)}' is not {with_article(f'{section.noun} key')}"
    near = called_here(key.text, fields)
    inner = next((field for field in section.fields if field.term.level and key.text in field.term.level.keys), None)
    if near is None and inner is not None and inner.term.level:
        reading.misplaced.add((inner.term.level.noun, key.text))
        reading.note(key, "unknown-key", message, f"put it under '{inner.name}'")
        return inner.name
    if near is None and "name" in fields and part_of(node, "name") is None and isinstance(value, ScalarNode):
        reading.note(key, "unknown-key", message, f"write `name: {shown(key.text)}`")
        return "name"
    if near is None and (level := reading.level_of(key.text)) is not None:
        reading.misplaced.add((level.noun, key.text))
        reading.note(key, "unknown-key", message, f"it belongs to the {level.noun} around it; move it there")
        return None
    remedy = section.elsewhere(key.text, reading) or _behind_comma(section, node, place, reading)
    reading.note(key, "unknown-key", message, remedy or did_you_mean(key.text, fields))
    return None if remedy else meant(key.text, fields)


def _behind_comma(section: Section, node: MapNode, place: int, reading: Reading) -> str:
    """Return how to write a value that holds a comma in a flow mapping, `warn_at: 50%, 80%`; empty where none does."""
    (before, first), (key, second) = node.entries[place - 1], node.entries[place]
    if not place or not isinstance(first, ScalarNode) or not isinstance(second, ScalarNode):
        return ""
    if second.text or not first.text or key.line != before.line:
        return ""
    reading.blamed |= {(first.line, first.column), (node.line, node.column)}
    if first.text.isdigit() and key.text.isdigit():
        return f"the comma ends the number before it: write {first.text}.{key.text}"
    takes_several = any(field.name == before.text and "anyOf" in field.term.schema for field in section.fields)
    said = (
        f"write {before.text}: [{shown(first.text)}, {shown(key.text)}]" if takes_several else "quote it if it is meant"
    )
    return f"the comma ends the value before it: {said}"


def _as_mapping(section: Section, node: Node) -> str:
    """Return how to write a section where something else stands; a scalar may be meant for its one required key."""
    required = [field.name for field in section.fields if field.required]
    if len(required) == 1 and isinstance(node, ListNode):
        return f"write `{required[0]}:` above it"
    if len(required) == 1 and isinstance(node, ScalarNode) and not node.empty:
        return f"write {{{required[0]}: {shown(node.text)}}}"
    keys = required or [field.name for field in section.fields]
    return f"write a mapping with {', '.join(keys[:8])}{', ...' if len(keys) > 8 else ''}"


def _value(field: Field, node: Node | None, reading: Reading) -> Any:
    return field.default if node is None else field.term.read(node, reading)


def section_schema(section: Section) -> Schema:
    """Return the JSON Schema of a section."""
    return {
        "type": "object",
        "description": section.about,
        "properties": {field.name: _field_schema(field) for field in section.fields},
        "required": [field.name for field in section.fields if field.required],
        "additionalProperties": False,
    }


def _field_schema(field: Field) -> Schema:
    told = {"default": field.default} if isinstance(field.default, str | float | bool) else {}
    return {**field.term.schema, "description": field.about, **told}


def section_term(section: Section, build: Callable[[Record, Reading], Any]) -> Term:
    """Return a term for a section; `build` makes its value from a whole record, or notes problems and returns None."""

    def read(node: Node, reading: Reading) -> Any:
        record = read_section(section, node, reading)
        return build(record, reading) if record.whole else None

    return Term(says="a mapping", read=read, schema=section_schema(section), level=_level(section))


def named_term(section: Section, build: Callable[[str, Record, Reading], Any]) -> Term:
    """Return a term for a mapping of names to sections; its value is a mapping of the names that are whole."""

    def read(node: Node, reading: Reading) -> dict[str, Any] | None:
        if not is_mapping(node, reading, f"{several(section.noun)} by name", "write a name with its keys below it"):
            return None
        built: dict[str, Any] = {}
        strays = {key.text for key, value in node.entries if _is_stray(section, key, value, reading)}
        for key, value in node.entries:
            if key.text in strays:
                continue
            if not key.text.strip():
                reading.note(key, "reserved-name", f"{described(key)} cannot name a {section.noun}", "give it a name")
            record = read_section(section, value, reading)
            made = build(key.text, record, reading) if record.whole else None
            if made is not None:
                built[key.text] = made
        return built

    schema = {"type": "object", "propertyNames": {"pattern": r"\S"}, "additionalProperties": section_schema(section)}
    return Term(says=f"{several(section.noun)} by name", read=read, schema=schema)


def _is_stray(section: Section, key: ScalarNode, node: Node, reading: Reading) -> bool:
    """Whether a key of another level stands where a name belongs; it is noted."""
    own = _level(section)
    level = own if key.text in own.keys else reading.level_of(key.text)
    if level is None or isinstance(node, ScalarNode) or any(part_of(node, name) is not None for name in own.keys):
        return False
    reading.misplaced.add((level.noun, key.text))
    message = f"'{key.text}' is a key of the {level.noun}, not the name of {with_article(section.noun)}"
    reading.note(key, "unknown-key", message, f"indent it {'more' if level is own else 'less'}")
    return True


def _level(section: Section) -> Level:
    return Level(noun=section.noun, keys=tuple(field.name for field in section.fields))


def note_duplicate_names(noun: str, node: Node | None, reading: Reading) -> None:
    """Note names that stand twice in a list of sections."""
    first: dict[str, ScalarNode] = {}
    for item in node.items if isinstance(node, ListNode) else ():
        for key, value in item.entries if isinstance(item, MapNode) else ():
            if key.text == "name" and isinstance(value, ScalarNode):
                earlier = first.setdefault(value.text, value)
                if earlier is not value:
                    message = f"two {noun}s are named '{value.text}'; the first is on line {earlier.line}"
                    reading.note(value, "duplicate-name", message, "rename one")
