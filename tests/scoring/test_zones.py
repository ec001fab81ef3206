from collections.abc import Iterator
from importlib.resources import files
from zoneinfo import ZoneInfo

import pycountry
import pytest

from scoring.zones import POPULOUS, zone_of


@pytest.mark.parametrize(
    ("country", "phone", "expected"),
    [
        ("DE", None, "Europe/Berlin"),
        ("US", None, "America/New_York"),
        ("AU", None, "Australia/Sydney"),
        ("BR", None, "America/Sao_Paulo"),
        ("RU", None, "Europe/Moscow"),
        ("US", "+14155551234", "America/Los_Angeles"),
        ("US", "+18005551234", "America/New_York"),
        ("US", "+4930123456", "America/New_York"),
        ("DE", "+14155551234", "Europe/Berlin"),
        ("NO", "+14155551234", "Europe/Oslo"),
        (None, "+14155551234", "America/Los_Angeles"),
        (None, "+4930123456", "Europe/Berlin"),
        (None, "+80012345678", None),
        ("BV", None, None),
        ("XX", None, None),
        (None, None, None),
    ],
)
def test_a_person_is_where_the_country_is_or_else_the_phone(
    country: str | None, phone: str | None, expected: str | None
) -> None:
    assert zone_of(country, phone) == expected


def test_every_country_that_has_people_has_a_zone_that_the_clock_knows() -> None:
    zones = {country.alpha_2: zone_of(country.alpha_2, None) for country in pycountry.countries}

    assert {country for country, zone in zones.items() if zone is None} == {"BV", "HM"}
    assert all(ZoneInfo(zone).key == zone for zone in zones.values() if zone is not None)


def test_the_populous_zones_are_zones_of_their_countries() -> None:
    assert set(POPULOUS.items()) <= set(_listed())


def _listed() -> Iterator[tuple[str, str]]:
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            yield country, zone
