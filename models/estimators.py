"""The fitted estimators of a version, kept by joblib for the analyst; no server ever loads them."""

import hashlib
import os
from pathlib import Path
from typing import Any

import joblib

from models.version import ModelError


def estimators_path(folder: Path, name: str) -> Path:
    """Return where the estimators of a version stand."""
    return folder / f"{name}.joblib"


def keep_estimators(folder: Path, name: str, estimators: object) -> str:
    """Write a version's estimators, whole or not at all, with their checksum beside them; return the sha256."""
    folder.mkdir(parents=True, exist_ok=True)
    path = estimators_path(folder, name)
    draft = path.with_suffix(f".{os.getpid()}.part")
    joblib.dump(estimators, draft, compress=3)
    checksum = _sha256(draft)
    path.with_suffix(".sha256").write_text(f"{checksum}  {path.name}\n")
    draft.replace(path)
    return checksum


def load_estimators(folder: Path, name: str) -> Any:
    """Return the estimators of a version, unpickled only when they are what was kept.

    Raises: ModelError when the file or its checksum is missing, or they do not match.
    """
    path = estimators_path(folder, name)
    try:
        expected = path.with_suffix(".sha256").read_text().split()[0]
        found = _sha256(path)
    except (OSError, IndexError) as error:
        raise ModelError(f"the estimators of {name} are not in {folder}: train the version again") from error
    if found != expected:
        raise ModelError(f"{path.name} is not what was kept (sha256 {found}, expected {expected}): train it again")
    return joblib.load(path)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
