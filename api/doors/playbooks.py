"""The door of operations: the playbook in force."""

from flask import Blueprint, Response

from api.desk import desk
from api.operation import Answer, operation

YAML = "application/yaml"

playbooks = Blueprint("playbooks", __name__)


@playbooks.get("/v1/playbook")
@operation(
    "Gives the playbook in force, as it was written; its ETag is its number",
    who=("ops",),
    gives={200: Answer(about="The YAML", media=YAML)},
)
def get_playbook() -> Response:
    """The text of the playbook that decides now."""
    playbook = desk().serving.current().playbook.playbook
    response = Response(playbook.text, content_type=f"{YAML}; charset=utf-8")
    response.set_etag(str(playbook.number))
    return response
