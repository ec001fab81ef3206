"""The settings: environment variables, read once, and what they mean."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from api.errors import SettingsError
from api.worker.reach import Private
from scoring.contact import normal_email
from store.database import default_url

MOST_WORKERS = 64
MAIL_FROM = "leadline@localhost"
LOG_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What is in force: where files and the database are, the secret, how many processes serve, how much is logged."""

    home: Path
    database_url: str
    secret: str | None = None
    workers: int = 1
    log_level: str = "info"
    webhook_private: Private = "loopback"
    smtp_url: str | None = None
    mail_from: str = MAIL_FROM
    admin_email: str | None = None

    @property
    def scratch(self) -> Path:
        """Where processes put down what they need while they live."""
        return self.home / "scratch"

    @property
    def on_sqlite(self) -> bool:
        """Whether the database is SQLite, which one writer at a time serves best."""
        return make_url(self.database_url).get_backend_name() == "sqlite"

    @property
    def log_threshold(self) -> int:
        """The logging module's number for the log level."""
        return logging.getLevelNamesMapping()[self.log_level.upper()]


def settings_from(environ: Mapping[str, str]) -> Settings:
    """The settings that an environment asks for; unset and empty variables take their defaults.

    Raises: SettingsError for a value that makes no sense.
    """
    home = Path(environ.get("LEADLINE_HOME") or "var")
    return Settings(
        home=home,
        database_url=_database_url(environ.get("LEADLINE_DATABASE_URL") or default_url(home)),
        secret=environ.get("LEADLINE_SECRET") or None,
        workers=_workers(environ.get("LEADLINE_WORKERS") or "1"),
        log_level=_log_level(environ.get("LEADLINE_LOG_LEVEL") or "info"),
        smtp_url=_smtp_url(environ.get("LEADLINE_SMTP_URL") or None),
        mail_from=_address("LEADLINE_MAIL_FROM", environ.get("LEADLINE_MAIL_FROM")) or MAIL_FROM,
        admin_email=_address("LEADLINE_ADMIN_EMAIL", environ.get("LEADLINE_ADMIN_EMAIL")),
        webhook_private=_webhook_private(environ.get("LEADLINE_WEBHOOK_PRIVATE") or "loopback"),
    )


def shown(settings: Settings) -> dict[str, str]:
    """The settings by variable, as people may see them: the secret and the database's password hidden."""
    return {
        "LEADLINE_HOME": str(settings.home),
        "LEADLINE_DATABASE_URL": make_url(settings.database_url).render_as_string(hide_password=True),
        "LEADLINE_SECRET": "***" if settings.secret else "(not set)",
        "LEADLINE_WORKERS": str(settings.workers),
        "LEADLINE_LOG_LEVEL": settings.log_level,
        "LEADLINE_WEBHOOK_PRIVATE": settings.webhook_private,
        "LEADLINE_SMTP_URL": _without_password(settings.smtp_url),
        "LEADLINE_MAIL_FROM": settings.mail_from,
        "LEADLINE_ADMIN_EMAIL": settings.admin_email or "(not set)",
    }


def _database_url(text: str) -> str:
    try:
        backend = make_url(text).get_backend_name()
    except (ArgumentError, ValueError):
        backend = None
    if backend not in {"sqlite", "postgresql"}:
        # The value is not repeated: it may hold a password.
        raise SettingsError(
            "LEADLINE_DATABASE_URL is no URL of a SQLite or PostgreSQL database; "
            "write sqlite:///path/to/file.db or postgresql+psycopg://user:password@host/name"
        )
    return text


def _workers(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_WORKERS:
        raise SettingsError(f"LEADLINE_WORKERS is {text!r}; give a whole number from 1 to {MOST_WORKERS}")
    return int(text)


def _log_level(text: str) -> str:
    if text.lower() not in LOG_LEVELS:
        raise SettingsError(f"LEADLINE_LOG_LEVEL is {text!r}; give one of {', '.join(LOG_LEVELS)}")
    return text.lower()


def _webhook_private(text: str) -> Private:
    match text.lower():
        case "none" | "loopback" | "all" as private:
            return private
    raise SettingsError(f"LEADLINE_WEBHOOK_PRIVATE is {text!r}; give one of none, loopback, all")


def _smtp_url(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("smtp", "smtps") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        sound = False
    if not sound:
        # The value is not repeated: it may hold a password.
        raise SettingsError("LEADLINE_SMTP_URL is no URL of a mail server; write smtp://user:password@host:587")
    return text


def _without_password(url: str | None) -> str:
    if url is None:
        return "(not set)"
    parts = urlsplit(url)
    return url if parts.password is None else url.replace(f":{parts.password}@", ":***@", 1)


def _address(name: str, text: str | None) -> str | None:
    if not text:
        return None
    if normal_email(text) is None:
        raise SettingsError(f"{name} is {text!r}, which is no e-mail address; write one like leads@company.example")
    return text
