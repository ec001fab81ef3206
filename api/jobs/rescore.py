"""Scoring all leads again that are not settled, from where an earlier turn was."""

from api.jobs.desk import Desk
from api.rescoring import rescore
from api.serving import read_served
from store.jobs import end_job
from store.sweep import database_time


def perform(desk: Desk) -> None:
    """Scores all leads again and ends the job."""
    with desk.database.read() as tx:
        served = read_served(tx)
    done = rescore(desk.database, served, desk.job)
    with desk.database.begin() as tx:
        end_job(tx, desk.job, done, database_time(tx))
