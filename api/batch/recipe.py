"""What a file is scored with, written down beside its output, so that every worker and every rerun does the same."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from api.errors import FileError
from api.files import whole_file
from rules.compile import Compiled, compile_playbook
from rules.read import read_playbook
from scoring.scorecard import Scorecard
from scoring.scorecard_json import scorecard_from_json, scorecard_to_json
from training.files.kinds import Kind

# Large enough that numpy's fixed costs vanish, small enough that a chunk's reasons are no burden.
ROWS_A_CHUNK = 5_000
RECIPE = "recipe.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipe:
    """The model and the playbook (its text and number) that score, at which instant, and the kind of file written.

    `time` is the column that says when each lead came in, where none is called created_at. `input` is the sha256 of
    the file, which is cut into chunks of so many `rows`.
    """

    scorecard: Scorecard
    playbook: str
    number: int
    now: datetime
    kind: Kind
    rows: int
    time: str | None = None
    input: str = ""


def keep_recipe(folder: Path, recipe: Recipe) -> None:
    """Writes a recipe into a folder."""
    with whole_file(folder / RECIPE) as file:
        file.write(orjson.dumps(_document(recipe)).decode())


def kept_recipe(folder: Path) -> Recipe | None:
    """The recipe in a folder; None where there is none."""
    try:
        document = orjson.loads((folder / RECIPE).read_bytes())
    except FileNotFoundError:
        return None
    return _recipe(document)


@lru_cache(maxsize=4)
def ready_recipe(folder: Path, seal: str) -> tuple[Recipe, Compiled]:
    """The recipe in a folder and its playbook, ready. Raises: FileError when it is not the one of this seal."""
    recipe = kept_recipe(folder)
    if recipe is None or seal_of(recipe) != seal:
        raise FileError(f"{folder / RECIPE}: is not there any more; does another run score to the same file?")
    return recipe, compile_playbook(read_playbook(recipe.playbook, file="playbook.yaml", number=recipe.number))


def seal_of(recipe: Recipe) -> str:
    """A checksum of the whole recipe."""
    return hashlib.sha256(orjson.dumps(_document(recipe))).hexdigest()


def same_but_for_the_instant(one: Recipe, other: Recipe) -> bool:
    """Whether a rerun of one goes on with what the other has done."""
    return seal_of(replace(one, now=other.now)) == seal_of(other)


def _document(recipe: Recipe) -> dict[str, Any]:
    return {
        "scorecard": scorecard_to_json(recipe.scorecard),
        "playbook": recipe.playbook,
        "number": recipe.number,
        "now": recipe.now.isoformat(),
        "kind": recipe.kind,
        "time": recipe.time,
        "input": recipe.input,
        "rows": recipe.rows,
    }


def _recipe(document: dict[str, Any]) -> Recipe:
    return Recipe(
        **document
        | {
            "scorecard": scorecard_from_json(document["scorecard"]),
            "now": datetime.fromisoformat(document["now"]),
        }
    )
