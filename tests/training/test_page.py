"""The page of a version opens without a network and shows what its card knows."""

from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from scoring.scorecard import CategoryFeature
from tests.models.builders import card, version
from training.charts import Step, merged, number_chart
from training.page import report_html
from training.thresholds import threshold_at


class Seen(HTMLParser):
    """What a browser would see: the ids and tags of a page, and what it would fetch."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self.ids |= {given["id"] or ""} if "id" in given else set()
        self.fetched += [given[name] or "" for name in ("src", "href", "srcset") if name in given]


def test_every_section_is_there_and_nothing_is_fetched() -> None:
    seen = Seen(report_html(version()))

    assert seen.ids == {"quality", "lines", "shapes", "pairs", "reasons", "fairness", "data"}
    assert all(each.startswith("#") and each[1:] in seen.ids for each in seen.fetched)
    assert "script" not in seen.tags


def test_what_the_card_says_stands_on_the_page() -> None:
    page = report_html(version(), lines={"for 40 a month": threshold_at(card().curve, 84, 250.0)})

    assert [
        words
        for words in (
            "few rows",
            "one column at a time does as well",
            "alone it reaches 0.92",
            "for 40 a month",
            "north",
        )
        if words not in page
    ] == []


def test_names_from_data_cannot_break_the_page() -> None:
    evil = "</style><script>alert('x')</script>"
    given = version(card=card(warnings=(evil,), left_out={evil: evil}))
    features = tuple(
        replace(each, levels=(evil, *each.levels[1:])) if isinstance(each, CategoryFeature) else each
        for each in given.scorecard.features
    )

    page = report_html(replace(given, scorecard=replace(given.scorecard, features=features)))

    assert (evil in page, "script" in Seen(page).tags) == (False, False)


def test_a_model_without_pairs_or_fairness_has_no_such_sections() -> None:
    given = version(card=card(fairness={}, strongest_pairs=()))

    assert not {"pairs", "fairness"} & Seen(report_html(given)).ids


@pytest.mark.parametrize("edges", [(), (1.0,), (1.0, 2.5, 1e9)])
def test_a_shape_is_well_formed_and_says_each_cell(edges: tuple[float, ...]) -> None:
    steps = [Step(name=f"<{cell}>", value=0.1 * cell, leads=cell) for cell in range(len(edges) + 1)]

    chart = ElementTree.fromstring(number_chart(steps, edges, Step(name="none", value=-0.5, leads=3), 0.5))

    titles = [each.text for each in chart.iter("title")]
    assert titles == [f"<{cell}>: {0.1 * cell:+.3f} ({cell} leads)" for cell in range(len(edges) + 1)] + [
        "none: -0.500 (3 leads)"
    ]


def test_neighbours_of_one_kind_are_drawn_as_one() -> None:
    steps = [Step(name=name, value=0.0, leads=2) for name in "abcd"]

    found = [(step.name, step.leads, kind) for step, kind in merged(steps, (1, 1, 0, 1))]

    assert found == [("a ... b", 4, 1), ("c", 2, 0), ("d", 2, 1)]
