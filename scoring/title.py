"""What a job title says of the person: how senior they are, and in which department."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType


def _words(*starts: str) -> re.Pattern[str]:
    r"""A pattern of the starts of words; one that must also end a word ends in \b itself."""
    return re.compile(rf"\b(?:{'|'.join(starts)})")


# Someone who works for the person that the title also names.
_AIDE = re.compile(
    r"\b(?:assistan|assistent|assistenz|asistente|sekretar|secretar)\w*\b"
    r"(?! (?:general |store |branch |regional )?(?:manager|director|vice|vp\b|head\b))"
)
# What follows belongs to someone else: advisor to the CEO, office of the CFO.
_ELSEWHERE = re.compile(r"\b(?:to|office of)\b.*")

_HEADS_OF_ALL = (
    r"ceo\b|chief executive|(?:co-?)?found(?:er|ing partner)|entrepreneur|chair(?:man|woman|person)?\b",
    r"(?<!vice )(?<!vice-)president|managing (?:director|partner)|(?:general|senior|equity) partner|(?<!.)partner$",
    r"(?<!product )(?<!process )(?<!service )(?<!system )(?<!data )owner\b|proprietor|board (?:member|director)",
    r"member of the board|geschaftsfuhr|geschaftsleit|vorstand|inhaber|grunder",
    r"pdg\b|direct(?:eur|rice) general|gerante?\b|fondat|proprietaire|director general\b|directora general\b",
    r"gerente general|consejer[oa] delegad|fundador|propietari|diretora? (?:geral|executiv)|amministrat\w+ delegat",
    r"direttore generale|titolare|bestuurder|zaakvoerder|eigenaar|oprichter",
)

# The highest level that matches counts.
_LEVELS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "executive": _words(
            *_HEADS_OF_ALL,
            r"c(?:fo|to|io|mo|oo|po|ro|do|so|lo|co|iso|hro|pto)\b",
            r"chief (?:[\w&-]+ ){1,4}officer\b",
        ),
        "vp": _words(r"[sea]?vp\b|vice[ -]?president|vizeprasident|vicepresident"),
        "director": _words(
            r"director[as]?\b|direct(?:eur|rice)|direktor|dirett|diretor|head\b|chief\b|gm\b|general manager",
            r"(?!team|projekt|gruppen|filial|schicht)\w*leit(?:er|erin|ung)\b",
        ),
        "manager": _words(
            r"manag(?:er|ement)|mgr\b|lead\b(?! gen)|leader\b|team ?lead|supervisor|foreman\b",
            r"\w+leit(?:er|erin|ung)\b|responsab|chef d|gerente\b|jef[ea]\b|capo\b|kierownik",
        ),
    }
)

# The first department that matches counts, the particular before the general: a sales engineer sells.
_DEPARTMENTS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "marketing": _words(
            r"\w*marketing|cmo\b|brand|content\b|seo\b|growth\b|demand gen|communicat|kommunikation|comunica|pr\b",
            r"public relations|advertis|social media|werbung|campaign",
        ),
        "sales": _words(
            r"(?:pre-?)?sales\b|cro\b|revenue|business develop|[bs]dr\b|(?:key )?account (?:exec|manag|direct)",
            r"commerci|vertrieb|verkauf|vente|venta|comercia|venda|vendit|verkoop|lead gen",
        ),
        "people": _words(
            r"human (?:resour|capital)|hr\b|chro\b|people\b|talent|\w*recruit|payroll|personal(?:leit|abteil|refer)",
            r"rr ?hh\b|rh\b|recursos humanos|ressources humaines|risorse umane|personnel\b|personeel",
        ),
        "legal": _words(
            r"legal|lawyer|(?:general )?counsel\b|attorney|solicitor|clo\b|complian|jurist|juridi|rechts|avocat|abogad",
            r"avvocat|data protection|datenschutz",
        ),
        "procurement": _words(r"procure|purchas|buyer\b|sourcing|\w*einkauf|achat|acheteu|compra|acquist|inkoop"),
        "finance": _words(
            r"financ|finanz|cfo\b|account(?:ant|ing|s)\b|\w*controll|treasur|audit|tax\b|steuer|buchhalt|comptab|contab",
        ),
        "support": _words(
            r"customer|client (?:success|service|care)|(?<!it )support\b|kundendienst|kundenservice|help ?desk",
            r"service client|atencion al cliente",
        ),
        "design": _words(r"(?:re)?design(?! engineer)|u[xi]\b|creative|art director|grafik|graphi|illustrat"),
        "product": _words(r"product(?:s|o|os)?\b|produkt(?!ion)|produit|produto|prodotto|cpo\b"),
        "data": _words(
            r"data\b|analyt|analyst\b|business intelligence|bi\b|machine learning|ml\b|ai\b|statistic|cdo\b",
            r"daten(?!schutz)",
        ),
        "it": _words(
            r"its?\b|ict\b|cio\b|ciso\b|edv\b|dsi\b|information (?:tech|system|secur)|informati[ckq]|network",
            r"infrastruct|sys(?:tems?)? ?admin|cyber|security\b|salesforce|sap\b|erp\b|crm\b|dba\b",
        ),
        "engineering": _words(
            r"\w*engineer|cp?to\b|\w*develop|\w*entwickl|programm(?:er|ier)|software|technolog|technical",
            r"tech\b|devops|sre\b|\w*architect|architekt|ingenieur|ingenier|ingegner|engenh|desarroll|sviluppat|ontwikkel",
            r"qa\b|r ?& ?d\b|research|forschung|scientist",
        ),
        "operations": _words(
            r"operation|coo\b|ops\b|logisti|supply chain|production|produktion|plant\b|manufactur|warehouse|lager",
            r"betriebs?leit|operacion|operazion|operati|facilit|quality|qualitat|project|projekt|projet|proyecto",
        ),
        "management": _words(*_HEADS_OF_ALL, r"gm\b|general manager|board\b"),
    }
)


# A batch of leads holds the same few titles again and again.
@lru_cache(maxsize=4096)
def seniority(title: str) -> str | None:
    """`executive`, `vp`, `director`, `manager` or, for any other title, `staff`; None where no word can be read.

    Read off the words, in English and the basics of the larger languages in Latin script: a product manager is a
    `manager`, an assistant to the CEO is `staff`.

    >>> [seniority(title) for title in ("Geschäftsführer", "V.P. Sales", "Head of IT", "CEO Assistant")]
    ['executive', 'vp', 'director', 'staff']
    """
    words = _plain(title)
    if not re.search("[a-z]{2}", words):
        return None
    if _AIDE.search(words):
        return "staff"
    own = _ELSEWHERE.sub("", words)
    return next((level for level, pattern in _LEVELS.items() if pattern.search(own)), "staff")


@lru_cache(maxsize=4096)
def department(title: str) -> str | None:
    """The department that a title names; None where it names none known.

    One of marketing, sales, people, legal, procurement, finance, support, design, product, data, it, engineering,
    operations and management, which leads the whole company.
    """
    words = _plain(title)
    return next((name for name, pattern in _DEPARTMENTS.items() if pattern.search(words)), None)


def _plain(title: str) -> str:
    """The title without case, accents and the dots of abbreviations (V.P. is vp), single-spaced."""
    letters = "".join(letter for letter in unicodedata.normalize("NFKD", title) if not unicodedata.combining(letter))
    return " ".join(re.sub(r"\b(\w)\.", r"\1", letters.casefold()).split())
