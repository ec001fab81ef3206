"""Training leads counted by the cells of a model's tables."""

from models.population import population_of
from tests.builders import facts, scorecard


def test_each_lead_counts_once_in_each_table() -> None:
    leads = [facts(employees=5, source="webinar"), facts(employees=5000, source="TV"), facts(email_kind="free")]

    assert population_of(scorecard(), leads) == {
        "employees": (1, 0, 0, 1, 1),
        "source": (0, 1, 1, 1),
        "email_kind": (0, 1, 0, 2),
    }
