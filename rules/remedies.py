"""Remedies: what was probably meant by a word or a scalar that a playbook does not take; empty where unclear."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

_UNITS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "s": ("s", "sec", "secs", "second", "seconds"),
        "m": ("m", "min", "mins", "minute", "minutes"),
        "h": ("h", "hr", "hrs", "hour", "hours"),
        "d": ("d", "day", "days"),
        "w": ("w", "wk", "week", "weeks"),
        "business days": ("bd", "workday", "working day", "working days", "workdays", "business day", "business days"),
    }
)
_UNIT = MappingProxyType({word: unit for unit, words in _UNITS.items() for word in words})
_SECONDS = MappingProxyType({"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800})
_LONGEST = 3650 * 86_400
_LONGER = MappingProxyType({"month": 30, "months": 30, "quarter": 90, "quarters": 90, "year": 365, "years": 365})


_SIGNS = MappingProxyType(
    {">=": "at_least", "=>": "at_least", "<=": "at_most", "=<": "at_most", ">": "above", "<": "below"}
    | {"!=": "not", "<>": "not", "==": "is", "=": "is"}
)
_SIGN = "|".join(_SIGNS)
_SPELT_OUT = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_THOUSANDS = MappingProxyType({"k": 1_000, "thousand": 1_000, "m": 1_000_000, "mio": 1_000_000, "million": 1_000_000})


def comparison_remedy(text: str) -> str:
    """Return how to write a test that stands in one text: `employees > 100`; empty for something else."""
    match = re.fullmatch(rf"(\w+)\s*({_SIGN})\s*(\S.*)", text.strip())
    return f"write {match[1]}: {{{_SIGNS[match[2]]}: {match[3]}}}" if match else ""


def number_remedy(text: str, maximum: float) -> str:
    """Return how to write a number that came as a word, with a unit, separators or a comparison."""
    if text.casefold() in _SPELT_OUT:
        return f"write {_SPELT_OUT.index(text.casefold()) + 1}"
    if maximum == 1 and (match := re.fullmatch(r"([5-9]|\d\d|100)|(\d+(?:\.\d+)?)\s*%", text)):
        return f"write {float(match[1] or match[2]) / 100:g}"
    found = ((re.fullmatch(pattern, text, re.IGNORECASE), write) for pattern, write in _NUMBERS)
    return next((f"write {write(match)}" for match, write in found if match), "")


def threshold_remedy(text: str) -> str:
    """Return where a grade begins that came as a range or a comparison; empty for something else."""
    match = re.match(r"(?:>=?)?\s*(\d+(?:\.\d+)?)\s*(?:%|-|\u2013|\.\.|to\b|\+|$)", text)
    return f"write {match[1]}, where it begins" if match and float(match[1]) <= 100 else ""


def _scaled(match: re.Match[str]) -> str:
    thousands = _THOUSANDS.get((match[2] or "").casefold(), 1)
    return f"{float(match[1].replace(',', '.')) * thousands:.15g}"


# What a text that should be a number looks like, and what to write for it.
_NUMBERS: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (rf"({_SIGN})\s*(\S+)", lambda match: f"{{{_SIGNS[match[1]]}: {match[2]}}}"),
    (r"([+-]?\d+(?:\.\d+)?)\s*%", lambda match: f"{match[1]}, without %"),
    (
        r"\D?\s*([+-]?\d{1,3}(?:[,_' .]\d{3})+)\s*[^\d.,]{0,8}",
        lambda match: f"{re.sub(r'[^0-9+-]', '', match[1])}, without separators",
    ),
    (r"(\d+)\s*(?:-|\u2013|\.\.|to|and)\s*(\d+)", lambda match: f"{{between: [{match[1]}, {match[2]}]}}"),
    (r"(\d+(?:, ?\d+){2,}|\d+, \d+)", lambda match: f"[{match[1]}]"),
    (r"([+-]?\d+),(\d+)", lambda match: f"{match[1]}.{match[2]}"),
    (
        rf"(?=.*(?:[^\d.,+-]|\d\+))[^\d.,+-]?\s*([+-]?\d+(?:[.,]\d+)?)\s*({'|'.join(_THOUSANDS)})?\+?\s*[^\d.,]{{0,8}}",
        _scaled,
    ),
)


def length_remedy(text: str) -> str:
    """Return how to write a span where business days are none: as for any span, but in days."""
    match = re.fullmatch(r"(\d+) (?:business|working) days?", text.casefold())
    return f"write {match[1]}d: business days do not count here" if match else span_remedy(text)


def span_remedy(text: str) -> str:
    """Return how to write `4 hours`, `1h30m`, `3 months` or a number without its unit; empty for something else."""
    text = re.sub(r"^(within|in|after|up to|max|<=?)\s*", "", text.strip(), flags=re.IGNORECASE)
    found = ((re.fullmatch(pattern, text), write) for pattern, write in _SPANS)
    return next((f"write {write(match)}" for match, write in found if match), "") or _span_in_words(text)


# Spans that are not words, and what to write for them.
_SPANS: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (r"PT(\d+)([HMS])|P(\d+)([DW])", lambda match: f"{match[1] or match[3]}{(match[2] or match[4]).lower()}"),
    (r"(\d{1,4})M", lambda match: f"{match[1]}m for minutes, {int(match[1]) * 30}d for months"),
    (r"(\d{1,2}):(\d\d)(?::00)?", lambda match: f"{int(match[1]) * 60 + int(match[2])}m"),
    (r"(\d+)", lambda match: f"{match[1]}m for minutes, {match[1]}h for hours, {match[1]}d for days"),
)


def _span_in_words(text: str) -> str:
    folded = " ".join(re.sub(r"\band\b|[,-]", " ", text.casefold()).split())
    if re.fullmatch(r"0+ ?\D*", folded):
        return "a span lasts longer than 0"
    if match := re.fullmatch(r"(\d+)\.(\d+) ?(\D+)", folded):
        finer = {"m": "s", "h": "m", "d": "h", "w": "d"}.get(_UNIT.get(match[3], ""), "")
        amount = float(f"{match[1]}.{match[2]}") * (_SECONDS[_UNIT[match[3]]] / _SECONDS[finer] if finer else 0)
        return f"write {amount:g}{finer}" if finer and amount.is_integer() else ""
    parts = re.findall(r"(\d+) ?([a-z][a-z ]*[a-z]|[a-z])", folded)
    if "".join(map("".join, parts)).replace(" ", "") != folded.replace(" ", "") or not parts:
        return ""
    if len(parts) == 1 and _UNIT.get(parts[0][1]) == "business days":
        return f"write {parts[0][0]} business day{'s' if parts[0][0] != '1' else ''}"
    if len(parts) == 1 and parts[0][1] in _LONGER:
        return f"write {int(parts[0][0]) * _LONGER[parts[0][1]]}d"
    units = [(int(count), _SECONDS.get(_UNIT.get(word.strip(), ""))) for count, word in parts]
    seconds = sum(count * unit for count, unit in units if unit)
    if not seconds or any(unit is None for _, unit in units):
        return ""
    if seconds > _LONGEST:
        return f"a span lasts at most {_LONGEST // 86_400}d"
    largest = next(unit for unit in "wdhms" if seconds % _SECONDS[unit] == 0)
    own = _UNIT[parts[0][1].strip()] if len(parts) == 1 else largest
    return f"write {seconds // _SECONDS[own]}{own}"


def share_remedy(text: str) -> str:
    """Return how to write `0.8`, `95` or `95 percent` as a percentage; empty for something else."""
    match = re.fullmatch(r"(\d{1,6}(?:[.,]\d+)?) ?(%|percent|pct|per cent)?", text.casefold())
    if match is None:
        return "write a share of the time, like 80%" if re.fullmatch(r"\d+ ?[a-z ]+", text.casefold()) else ""
    number = float(match[1].replace(",", "."))
    share = number * (100 if "." in match[1] and number <= 1 and not match[2] else 1)
    return f"write {share:g}%" if share <= 100 else "write 100% at most"


def limit_remedy(text: str, periods: tuple[str, ...], nothing: str = "leave out what counts nothing") -> str:
    """Return how to write `20/day` or `20` as a limit; empty for something else."""
    if text.casefold() in ("unlimited", "none", "no limit", "infinite", "all"):
        return "leave it out: without it there is none"
    match = re.fullmatch(r"(\d+)\s*(?:(?:/|a|an|per|each|every)\s*([a-z]+?)s?)?", text.casefold())
    if match and not int(match[1]):
        return nothing
    suiting = [each for each in periods if match and match[2] in (None, each)]
    return f"write {' or '.join(f'`{match[1]} per {each}`' for each in suiting)}" if match and suiting else ""


# What RE2 does not have, and common mistakes of patterns, by what the pattern looks like.
_PATTERNS: tuple[tuple[str, str], ...] = (
    (r"\(\?<?!", "RE2 looks neither ahead nor behind: write {not: {matches: ...}} for what must not be there"),
    (r"\(\?<?=", "RE2 looks neither ahead nor behind: write what must be there as a second {matches: ...} under all:"),
    (r"\\\d", "RE2 does not look back at what it found: write it out"),
    (r"^[*?+]", "any text may stand around what is found: leave the '*' out"),
    (r"\*\*|\+\+|\*\+", "one '*' or '+' is enough"),
    (r"\[[^\]]*$", "close the '[', or write '\\['"),
    (r"\(|\)", "close each '(', or write '\\('"),
)


def pattern_remedy(pattern: str) -> str:
    """Return what to write for a pattern that RE2 does not take."""
    return next((remedy for looks, remedy in _PATTERNS if re.search(looks, pattern)), "see RE2's syntax")


_REGIONS = ("eu", "europe", "emea", "apac", "asia", "latam", "amer", "americas", "africa", "dach", "benelux", "nordics")


def country_remedy(text: str) -> str:
    """Return how to write several countries, a region of the world or any country; empty for something else."""
    if text.casefold() in _REGIONS:
        return "list its countries: [DE, FR, ...]"
    if text.casefold() in ("*", "any", "all"):
        return "for any country leave the test out; for a known one write {missing: false}"
    return f"write [{text}]" if re.fullmatch(r"\w{2}(, ?\w{2})+", text) else ""


def domain_remedy(text: str) -> str:
    """Return how to write `*.edu`, `@rival.example` or an address where a domain belongs; empty for something else."""
    if match := re.fullmatch(r"\*(\.?[\w.-]+)", text):
        return f"write {{ends_with: {match[1]}}}"
    match = re.fullmatch(r"(?:https?://(?:www\.)?|.*@)([\w-]+(?:\.[\w-]+)+)/?", text)
    return f"write {match[1]}" if match else ""


def address_remedy(text: str) -> str:
    """Return the address in `Ana <ana@example.com>`, `ana(at)example.com` or a link; empty for something else."""
    match = re.search(r"([\w.+-]+) ?(?:@|[(\[]at[)\]]| at ) ?([\w-]+(?:\.[\w-]+)+)", text)
    return f"write {match[1]}@{match[2]}" if match else ""


def flag_remedy(text: str) -> str:
    """Return which truth `on`, `1` or `y` stands for; empty for something else."""
    truths = {"true": ("on", "1", "y", "t"), "false": ("off", "0", "n", "f")}
    return next((f"write {truth}" for truth, words in truths.items() if text.casefold() in words), "")
