import doctest
from types import ModuleType

import pytest

from scoring import contact, lookup, reasons, title


@pytest.mark.parametrize("module", [contact, lookup, reasons, title])
def test_the_examples_in_docstrings_come_out_as_written(module: ModuleType) -> None:
    results = doctest.testmod(module)

    assert (results.failed, results.attempted > 0) == (0, True)
