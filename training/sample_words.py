"""The words that sample leads are made of, and what a country, a source or an industry is worth in log-odds."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True, slots=True)
class Country:
    """How often leads come from it, what that is worth, and how people write it."""

    share: float
    worth: float
    spellings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """How often it brings a lead, and what that is worth."""

    share: float
    worth: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Industry:
    """How often leads work in it, what that is worth, and the logarithm of its usual number of employees."""

    share: float
    worth: float
    log_size: float


COUNTRIES: Mapping[str, Country] = MappingProxyType(
    {
        "US": Country(share=30, worth=0.2, spellings=("US", "US", "US", "United States", "USA")),
        "DE": Country(share=16, worth=0.35, spellings=("DE", "DE", "DE", "Germany", "Deutschland")),
        "GB": Country(share=13, worth=0.15, spellings=("GB", "GB", "GB", "United Kingdom", "UK")),
        "FR": Country(share=8, worth=0.0, spellings=("FR", "FR", "France")),
        "CA": Country(share=6, worth=0.1, spellings=("CA", "CA", "Canada")),
        "NL": Country(share=5, worth=0.25, spellings=("NL", "NL", "Netherlands")),
        "IN": Country(share=7, worth=-0.55, spellings=("IN", "IN", "India")),
        "BR": Country(share=4, worth=-0.4, spellings=("BR", "BR", "Brazil")),
        "SE": Country(share=3, worth=0.2, spellings=("SE", "SE", "Sweden")),
        "NO": Country(share=3, worth=0.2, spellings=("NO", "NO", "Norway")),
        "AU": Country(share=3, worth=0.0, spellings=("AU", "AU", "Australia")),
        "CH": Country(share=2, worth=0.3, spellings=("CH", "CH", "Switzerland")),
    }
)

SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        "organic_search": Source(share=24, worth=-0.1),
        "paid_search": Source(share=18, worth=0.0),
        "paid_social": Source(share=15, worth=-0.75),
        "webinar": Source(share=12, worth=0.15),
        "content": Source(share=11, worth=-0.35),
        "demo_request": Source(share=9, worth=1.15),
        "event": Source(share=6, worth=0.2),
        "referral": Source(share=5, worth=0.9),
    }
)

INDUSTRIES: Mapping[str, Industry] = MappingProxyType(
    {
        "software": Industry(share=22, worth=0.35, log_size=4.3),
        "manufacturing": Industry(share=16, worth=0.1, log_size=5.5),
        "finance": Industry(share=12, worth=0.3, log_size=5.6),
        "healthcare": Industry(share=11, worth=-0.1, log_size=5.2),
        "retail": Industry(share=11, worth=-0.15, log_size=4.6),
        "consulting": Industry(share=9, worth=-0.25, log_size=3.2),
        "education": Industry(share=7, worth=-0.6, log_size=5.4),
        "logistics": Industry(share=6, worth=0.15, log_size=5.0),
        "public sector": Industry(share=4, worth=-0.4, log_size=6.2),
        "agriculture": Industry(share=2, worth=-0.2, log_size=3.8),
    }
)

CAMPAIGNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "paid_search": ("brand-search", "rivals-search", "category-search"),
        "paid_social": ("spring-social", "autumn-social"),
        "webinar": ("planning-webinar", "forecast-webinar", "migration-webinar"),
        "content": ("pricing-guide", "benchmark-report"),
        "event": ("harbour-fair", "valley-summit"),
    }
)

TITLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "executive": ("CEO", "CTO", "Founder", "Managing Director", "Chief Operating Officer", "Geschäftsführer"),
        "vp": ("VP Sales", "Vice President Operations", "VP Engineering", "SVP Marketing"),
        "director": ("Director of IT", "Head of Marketing", "Sales Director", "Head of Operations", "IT-Leiter"),
        "manager": ("Marketing Manager", "IT Manager", "Project Manager", "Team Lead Sales", "Product Manager"),
        "staff": ("Engineer", "Analyst", "Consultant", "Specialist", "Account Executive", "Developer", "Buyer"),
        "student": ("Student", "Intern", "Trainee"),
    }
)

# What buyers write, and what those write who write a thesis.
MESSAGES: tuple[tuple[str, ...], tuple[str, ...]] = (
    (
        "Please call me about a plan for our team.",
        "We compare three vendors and would like to see the product with our own data next week.",
        "What does it cost for 50 people?",
        "Does it work with our CRM?",
        "Hello, could you send me more information? Thank you.",
        "Our contract ends in spring. We look for something that our sales people will really use.",
        "Just looking.",
    ),
    (
        "I need some numbers for my thesis.",
        "Do you offer an internship?",
        "Can I use it for free for my homework?",
    ),
)

FREE_MAIL: Mapping[str, Source] = MappingProxyType(
    {
        "gmail.com": Source(share=60, worth=0),
        "outlook.com": Source(share=15, worth=0),
        "yahoo.com": Source(share=12, worth=0),
        "gmx.de": Source(share=8, worth=0),
        "proton.me": Source(share=5, worth=0),
    }
)

# Ranges that regulators keep for films and books; # is any digit.
PHONES: Mapping[str, str] = MappingProxyType(
    {
        "US": "+1 202 555 01##",
        "CA": "+1 416 555 01##",
        "GB": "+44 20 7946 0###",
        "DE": "+49 30 23125 ###",
        "FR": "+33 1 99 00 ## ##",
        "SE": "+46 8 465 004 ##",
        "AU": "+61 2 5550 ####",
    }
)

FIRST_NAMES = (
    *("Ada", "Anouk", "Bram", "Cato", "Dario", "Elin", "Emre", "Femke", "Greta", "Hakan", "Ines", "Jonas", "Kaito"),
    *("Lena", "Lucia", "Mads", "Malik", "Nadia", "Noor", "Olaf", "Paula", "Quinn", "Rafael", "Rosa", "Samir", "Silje"),
    *("Tara", "Tomas", "Uma", "Vera", "Wanda", "Yara", "Yusuf", "Zoe"),
)
LAST_NAMES = (
    *("Abelthorn", "Birkwell", "Corvane", "Dunmere", "Eastlake", "Farnholt", "Greywater", "Halvorn", "Ivershaw"),
    *("Jorvik", "Kestrelby", "Lindqvale", "Marrowby", "Norhaven", "Oakhurst", "Pellworth", "Quillon", "Ravensmoor"),
    *("Silverberg", "Thornquist", "Ulverton", "Vossberg", "Westerhall", "Yarrowick", "Zellbach"),
)
COMPANY_STEMS = (
    *("Alder", "Bluefen", "Cinder", "Dovetail", "Ember", "Fjord", "Granite", "Heron", "Ivory", "Juniper", "Kelp"),
    *("Lumen", "Maple", "Nimbus", "Orchard", "Pebble", "Quartz", "Raven", "Saffron", "Tidal", "Umber", "Willow"),
)
COMPANY_ENDINGS = ("works", "labs", "soft", "group", "mills", "foods", "trade", "care", "bank", "parts", "line")
