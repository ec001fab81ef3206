"""The settings."""

from pathlib import Path

import pytest

from api.errors import SettingsError
from api.settings import Settings, settings_from, shown


def test_an_empty_environment_gives_the_defaults() -> None:
    assert settings_from({}) == Settings(
        home=Path("var"), database_url="sqlite:///var/leadline.db", secret=None, workers=1, log_level="info"
    )


def test_what_the_environment_says_counts() -> None:
    environ = {
        "LEADLINE_HOME": "/srv/leadline",
        "LEADLINE_DATABASE_URL": "postgresql+psycopg://leadline:secret@db/leads",
        "LEADLINE_SECRET": "hush",
        "LEADLINE_WORKERS": "4",
        "LEADLINE_LOG_LEVEL": "WARNING",
    }

    assert settings_from(environ) == Settings(
        home=Path("/srv/leadline"),
        database_url="postgresql+psycopg://leadline:secret@db/leads",
        secret=environ["LEADLINE_SECRET"],
        workers=4,
        log_level="warning",
    )


def test_secrets_are_hidden_when_settings_are_shown() -> None:
    settings = settings_from(
        {
            "LEADLINE_DATABASE_URL": "postgresql+psycopg://leadline:secret@db/leads",
            "LEADLINE_SECRET": "hush",
            "LEADLINE_SMTP_URL": "smtp://leads:secret@mail.example:587",
        }
    )

    assert shown(settings) == {
        "LEADLINE_HOME": "var",
        "LEADLINE_DATABASE_URL": "postgresql+psycopg://leadline:***@db/leads",
        "LEADLINE_SECRET": "***",
        "LEADLINE_WORKERS": "1",
        "LEADLINE_LOG_LEVEL": "info",
        "LEADLINE_WEBHOOK_PRIVATE": "loopback",
        "LEADLINE_SMTP_URL": "smtp://leads:***@mail.example:587",
        "LEADLINE_MAIL_FROM": "leadline@localhost",
        "LEADLINE_ADMIN_EMAIL": "(not set)",
    }


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("LEADLINE_WORKERS", "0", "LEADLINE_WORKERS is '0'; give a whole number from 1 to 64"),
        ("LEADLINE_WORKERS", "many", "LEADLINE_WORKERS is 'many'; give a whole number from 1 to 64"),
        (
            "LEADLINE_ADMIN_EMAIL",
            "root",
            "LEADLINE_ADMIN_EMAIL is 'root', which is no e-mail address; write one like leads@company.example",
        ),
        (
            "LEADLINE_SMTP_URL",
            "http://me:hush@mail",
            "LEADLINE_SMTP_URL is no URL of a mail server; write smtp://user:password@host:587",
        ),
        (
            *("LEADLINE_WEBHOOK_PRIVATE", "some"),
            "LEADLINE_WEBHOOK_PRIVATE is 'some'; give one of none, loopback, all",
        ),
        ("LEADLINE_LOG_LEVEL", "loud", "LEADLINE_LOG_LEVEL is 'loud'; give one of debug, info, warning, error"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(name: str, value: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from({name: value})

    assert str(caught.value) == message


@pytest.mark.parametrize("url", ["mysql://root:secret@db/x", "nonsense secret", "postgresql://a:secret@db:port/x"])
def test_a_database_url_that_makes_no_sense_is_not_repeated(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from({"LEADLINE_DATABASE_URL": url})

    assert str(caught.value).startswith("LEADLINE_DATABASE_URL is no URL of a SQLite or PostgreSQL database")
    assert "secret" not in str(caught.value)
