"""Synonyms: what other tools, and people, call the words of the playbook."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

# Words that other tools use, by the words that stand for them here.
_CALLED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "at_least": ("gte", "ge", ">=", "min", "minimum", "from", "greater_or_equal", "greater_than_or_equal"),
        "at_most": ("lte", "le", "<=", "max", "maximum", "up_to", "less_or_equal", "less_than_or_equal", "per_day"),
        "above": ("gt", ">", "greater_than", "more_than", "over", "greater"),
        "below": ("lt", "<", "less_than", "under", "less", "smaller_than"),
        "is": ("eq", "=", "==", "equals", "equal", "equal_to"),
        "not": ("ne", "!=", "<>", "is_not", "not_equal", "not_equals", "not_in", "none", "unless", "nor", "none_of"),
        "in": ("one_of", "any_of", "is_one_of"),
        "between": ("range",),
        "contains": ("includes", "include", "has"),
        "starts_with": ("begins_with", "prefix"),
        "ends_with": ("suffix",),
        "matches": ("like", "regex", "regexp", "pattern", "match"),
        "missing": ("exists", "present", "empty", "null", "is_null", "blank", "known", "unknown", "is_empty"),
        "before": ("until", "earlier_than"),
        "after": ("since", "later_than"),
        "within": ("last", "newer_than"),
        "any": ("or", "either", "any_of"),
        "all": ("and", "all_of", "both"),
        "number": ("int", "integer", "float", "decimal", "numeric", "double"),
        "text": ("string", "str", "varchar", "enum"),
        "flag": ("bool", "boolean"),
        "time": ("date", "datetime", "timestamp"),
        "list": ("array", "set", "multi"),
        "attributes": ("fields", "properties", "custom_fields", "columns", "variables"),
        "routes": ("routing", "route", "assignments"),
        "rules": ("rule", "business_rules", "policies"),
        "teams": ("team", "groups", "queues"),
        "calendars": ("calendar", "schedules", "working_hours", "business_hours"),
        "when": ("if", "condition", "conditions", "where"),
        "then": ("do", "action", "actions", "effect", "effects"),
        "because": ("why", "reason", "description", "comment", "about"),
        "to": ("team", "assign", "assign_to"),
        "add": ("points", "plus"),
        "points": ("add", "score"),
        "tag": ("tags",),
        "disqualify": ("reject",),
        "respond_within": ("response_time", "deadline", "respond", "first_response"),
        "accept_within": ("acceptance", "accept"),
        "timezone": ("zone", "tz", "time_zone"),
        "hours": ("working_hours", "business_hours", "open"),
        "days_off": ("closed", "off", "exceptions"),
        "reps": ("members", "people", "agents"),
        "accepts": ("filter", "when"),
        "capacity": ("limit", "max_leads"),
        "qualify_at": ("threshold", "cutoff"),
        "business": ("working", "work", "business_hours", "office"),
        "always": ("calendar", "24/7", "24x7", "wall"),
        "slas": ("sla",),
        "respond": ("response",),
        "company": ("business", "corporate", "work", "b2b"),
        "free": ("freemail", "webmail", "personal", "private", "consumer", "gmail", "b2c"),
        "disposable": ("temporary", "throwaway", "throw_away", "trash"),
        "role": ("generic", "shared", "office", "info"),
        "give_outcome": ("outcome", "outcomes", "close"),
    }
)


def called_here(word: str, options: Iterable[str]) -> str | None:
    """Return which option stands here for a word of others: `at_least` for `gte`; None for no such word."""
    folded = word.casefold().strip().replace(" ", "_").replace("-", "_")
    return next((option for option in options if folded in _CALLED.get(option, ())), None)
