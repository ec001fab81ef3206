"""The databases, for every test of this room."""

from tests.databases import database, postgres, sqlite_template

__all__ = ["database", "postgres", "sqlite_template"]
