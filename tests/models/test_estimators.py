from pathlib import Path

import pytest

from models.estimators import estimators_path, keep_estimators, load_estimators
from models.version import ModelError


def test_estimators_come_back_as_they_were_kept(tmp_path: Path) -> None:
    keep_estimators(tmp_path, "2026-03-01.1", {"served": [1, 2, 3]})

    assert load_estimators(tmp_path, "2026-03-01.1") == {"served": [1, 2, 3]}


def test_a_changed_file_is_refused_before_it_is_unpickled(tmp_path: Path) -> None:
    keep_estimators(tmp_path, "2026-03-01.1", {"served": [1, 2, 3]})
    path = estimators_path(tmp_path, "2026-03-01.1")
    path.write_bytes(path.read_bytes() + b"!")

    with pytest.raises(ModelError, match="is not what was kept"):
        load_estimators(tmp_path, "2026-03-01.1")


def test_missing_estimators_are_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"the estimators of 2026-03-01\.1 are not in"):
        load_estimators(tmp_path, "2026-03-01.1")
