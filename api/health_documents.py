"""Whether the server can serve, as callers see it: the schema."""

from marshmallow import Schema

from api.answer_fields import flag, integer, mapping, text


class StateSchema(Schema):
    """Whether the server can serve, and if not, why."""

    ready = flag("Whether leads can be decided")
    checks = mapping("ok, or what is wrong, by name")
    model = text("The active model, or null", none=True)
    playbook = integer("The playbook in force", none=True)
    matched_by = text("What matches its rules: durable-rules or python", none=True)
    refused = text("What is wrong with a newer version, while the last good one serves; or null", none=True)


STATE = StateSchema()
