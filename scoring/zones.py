"""Where on the clock a person is."""

from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType

import phonenumbers
from phonenumbers import timezone

# Countries whose first zone in zone.tab, which goes by geography too, is not the one most people live in.
POPULOUS: Mapping[str, str] = MappingProxyType(
    {
        "AU": "Australia/Sydney",
        "BR": "America/Sao_Paulo",
        "CA": "America/Toronto",
        "FM": "Pacific/Pohnpei",
        "RU": "Europe/Moscow",
        "UA": "Europe/Kyiv",
        "UZ": "Asia/Tashkent",
    }
)


# Asked for the hour and for the weekday of each lead.
@lru_cache(maxsize=4096)
def zone_of(country: str | None, phone: str | None) -> str | None:
    """The time zone (IANA name) of a person by country code and E.164 number; None where neither tells.

    The country is the number's where it is not known. Of a country's zones it is the number's own where that is
    one of them, else the most populous.
    """
    zones = _zones().get(country or "", ())
    if phone is not None and len(zones) != 1:
        number = phonenumbers.parse(phone)
        zones = zones or _zones().get(phonenumbers.region_code_for_number(number) or "", ())
        told = timezone.time_zones_for_number(number)
        if len(told) == 1 and told[0] in zones:
            return told[0]
    return zones[0] if zones else None


@cache
def _zones() -> Mapping[str, tuple[str, ...]]:
    """The zones of each country, the most populous first."""
    zones = {country: (zone,) for country, zone in POPULOUS.items()}
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            known = zones.get(country, ())
            zones[country] = known if zone in known else (*known, zone)
    return MappingProxyType(zones)
