"""The databases that the crash test runs on."""

from tests.databases import database, postgres, sqlite_template

__all__ = ["database", "postgres", "sqlite_template"]
