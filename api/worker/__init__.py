"""The background worker: what happens later, done on time, by any number of processes that may run and die."""
