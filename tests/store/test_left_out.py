"""Who was erased is left out of the files that were sent before."""

import pytest
from sqlalchemy.exc import OperationalError

from store.database import Database, connect
from store.erase import erase_lead
from store.jobs import Job, add_file, add_job
from store.leads import merge_lead
from store.left_out import left_out
from store.people import is_same
from tests.builders import NOW, lead

PHONE = "+4930123456"


def waiting(database: Database) -> Job:
    """A job with a file."""
    with database.begin() as tx:
        job = add_job(tx, "import", asked_by="ops", now=NOW)
        add_file(tx, job, "leads.csv", b"email\nann@big.example\n")
    return job


def test_all_who_were_erased_since_a_file_was_sent_are_left_out(database: Database) -> None:
    """By what they bore, not by a phone that stays with another."""
    first = waiting(database)
    with database.begin() as tx:
        merge_lead(tx, lead(email="bob@big.example", phone=PHONE), NOW)
        ids = [merge_lead(tx, lead(email=f"{name}@big.example", phone=PHONE), NOW).id for name in ("ann", "cleo")]
        erase_lead(tx, ids[0], NOW)
    second = waiting(database)
    with database.begin() as tx:
        erase_lead(tx, ids[1], NOW)

    with database.begin() as tx:
        found = [left_out(tx, job) for job in (first, second)]

    ann, cleo = ({"email": f"{name}@big.example"} for name in ("ann", "cleo"))
    assert found == [[ann, cleo], [cleo]]


def test_nobody_is_erased_while_rows_are_taken_in_without_those_who_were(postgres: str) -> None:
    """Or they would be found neither among those to leave out nor among those who are known."""
    database = connect(postgres)
    job = waiting(database)
    with database.begin() as tx:
        ann = merge_lead(tx, lead(), NOW).id

    with database.begin() as taking_in:
        left_out(taking_in, job)
        with database.begin() as tx:
            tx.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
            with pytest.raises(OperationalError, match="lock timeout"):
                erase_lead(tx, ann, NOW)
    database.close()


@pytest.mark.parametrize(
    ("sent", "identity", "same"),
    [
        ({"email": "ann@big.example"}, {"email": "ann@big.example", "phone": PHONE}, True),
        ({"email": "ann@big.example"}, {"email": "bob@big.example"}, False),
        ({"email": "ann@big.example", "phone": PHONE}, {"email": "bob@big.example", "phone": PHONE}, False),
        ({"email": None, "phone": PHONE}, {"email": "bob@big.example", "phone": PHONE}, True),
        ({"email": "ann@big.example", "phone": PHONE}, {"phone": PHONE}, True),
        ({"email": "ann@big.example", "external_id": "7"}, {"email": "bob@big.example", "external_id": "7"}, True),
        ({"email": None, "external_id": "7"}, {"phone": PHONE}, False),
    ],
)
def test_a_row_is_a_persons_by_what_makes_a_lead_theirs(
    sent: dict[str, str], identity: dict[str, str], same: bool
) -> None:
    assert is_same(lead(**sent), identity) is same
