"""The database's versions, newest last, run by store.database.upgrade."""
