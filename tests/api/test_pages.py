"""The pages: start, demo form, thanks, documentation."""

import re

import pytest

from store.keys import list_keys, revoke_key
from tests.api.builders import NOW, House


def test_the_demo_page_posts_to_the_demo_form(house: House) -> None:
    page = house.client.get("/demo").text

    assert f'<form method="post" action="{house.form}"' in page


def test_every_field_of_the_demo_page_has_a_label(house: House) -> None:
    page = house.client.get("/demo").text
    fields = re.findall(r'<(?:input|textarea) id="([^"]+)"', page)

    assert len(fields) == 11
    assert [name for name in fields if f'for="{name}"' not in page] == []


def test_the_demo_page_carries_its_campaign_escaped(house: House) -> None:
    page = house.client.get('/demo?utm_source=news&utm_campaign="><script>&score=1').text

    assert '<input type="hidden" name="utm_source" value="news">' in page
    assert '<input type="hidden" name="utm_campaign" value="&#34;&gt;&lt;script&gt;">' in page
    assert "<script>" not in page


def test_without_a_key_for_it_there_is_no_demo_form(house: House) -> None:
    with house.database.begin() as tx:
        for key in list_keys(tx):
            revoke_key(tx, key.id, NOW)

    response = house.client.get("/demo")

    assert (response.status_code, response.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize("path", ["/", "/demo", "/demo/thanks", "/docs", "/static/leadline.css", "/static/mark.svg"])
def test_pages_are_there_and_need_nothing_from_elsewhere(house: House, path: str) -> None:
    response = house.client.get(path)

    assert response.status_code == 200
    assert re.findall(r"""(?:src|href|action)=["'](?:https?:)?//""", response.text) == []
    assert "@import" not in response.text


def test_pages_forbid_what_they_do_not_use(house: House) -> None:
    policy = house.client.get("/demo").headers["Content-Security-Policy"]

    assert policy == "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'"
