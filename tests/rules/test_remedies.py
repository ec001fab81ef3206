"""Remedies: what other tools' words and other people's spellings become here."""

import pytest

from rules.calendar_remedies import days_remedy, hours_remedy, zone_remedy
from rules.problems import did_you_mean
from rules.remedies import limit_remedy, number_remedy, share_remedy, span_remedy


@pytest.mark.parametrize(
    ("text", "maximum", "said"),
    [
        (">= 1000", 1e9, "write {at_least: 1000}"),
        ("<5", 1e9, "write {below: 5}"),
        ("40%", 1, "write 0.4"),
        ("40%", 100, "write 40, without %"),
        ("75", 1, "write 0.75"),
        ("1.5", 1, ""),
        ("1,000,000", 1e9, "write 1000000, without separators"),
        ("2,5", 1e9, "write 2.5"),
        ("many", 1e9, ""),
    ],
)
def test_numbers(text: str, maximum: float, said: str) -> None:
    assert number_remedy(text, maximum) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("4 hours", "write 4h"),
        ("90 Minutes", "write 90m"),
        ("1h30m", "write 90m"),
        ("1 hour and 30 min", "write 90m"),
        ("10 working days", "write 10 business days"),
        ("1 workday", "write 1 business day"),
        ("3 months", "write 90d"),
        ("15", "write 15m for minutes, 15h for hours, 15d for days"),
        ("9999 weeks", "a span lasts at most 3650d"),
        ("soon", ""),
        ("2 moons", ""),
        ("0 hours", "a span lasts longer than 0"),
    ],
)
def test_spans(text: str, said: str) -> None:
    assert span_remedy(text) == said


@pytest.mark.parametrize(
    ("text", "said"), [("0.8", "write 80%"), ("95", "write 95%"), ("101", "write 100% at most"), ("most", "")]
)
def test_shares(text: str, said: str) -> None:
    assert share_remedy(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("20/day", "write `20 per day`"),
        ("20 a week", "write `20 per week`"),
        ("20", "write `20 per day` or `20 per week`"),
        ("20 per month", ""),
        ("few", ""),
    ],
)
def test_limits(text: str, said: str) -> None:
    assert limit_remedy(text, ("day", "week")) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("8:30-18:00", "write '08:30-18:00'"),
        ("9am to 5.30pm", "write '09:00-17:30'"),
        ("12am-12pm", "write '00:00-12:00'"),
        ("9-25", "write '09:00-24:00': a day ends at 24:00"),
        ("office hours", ""),
    ],
)
def test_working_hours(text: str, said: str) -> None:
    assert hours_remedy(text) == said


def test_days_and_zones() -> None:
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    zones = ("America/New_York", "Europe/Berlin")

    assert days_remedy("Monday - Friday", days) == "did you mean 'mon-fri'?"
    assert days_remedy("weekdays", days) == "did you mean 'mon-fri'?"
    assert days_remedy("payday", days) == ""
    assert zone_remedy("new york", zones) == "did you mean 'America/New_York'?"
    assert zone_remedy("EUROPE/BERLIN", zones) == "did you mean 'Europe/Berlin'?"
    assert zone_remedy("Atlantis", zones) == ""


@pytest.mark.parametrize(
    ("word", "options", "said"),
    [
        ("gte", ("at_least", "above"), "did you mean 'at_least'?"),
        ("greater than", ("at_least", "above"), "did you mean 'above'?"),
        ("Integer", ("text", "number"), "did you mean 'number'?"),
        ("or", ("any", "all", "not"), "did you mean 'any'?"),
    ],
)
def test_words_of_other_tools(word: str, options: tuple[str, ...], said: str) -> None:
    assert did_you_mean(word, options) == said
