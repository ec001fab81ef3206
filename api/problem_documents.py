"""What the API answers to a request it cannot do, as schemas."""

from marshmallow import Schema, fields

from api.answer_fields import integer, text


class FieldErrorSchema(Schema):
    """One field that is at fault."""

    field = text("Dotted path of the field; empty for the body as a whole")
    message = text("What is wrong with it")
    line = fields.Integer(metadata={"description": "In a text: the line, from 1"})
    column = fields.Integer(metadata={"description": "In a text: the column, from 1"})
    code = fields.String(metadata={"description": "In a playbook: which kind of problem"})
    hint = fields.String(metadata={"description": "In a playbook: the remedy, or empty"})


class ProblemSchema(Schema):
    """A problem document (RFC 9457)."""

    type = text("about:blank: the status says what kind of problem it is")
    title = text("The status in words")
    status = integer("The HTTP status")
    detail = text("What is wrong with this request")
    errors = fields.List(fields.Nested(FieldErrorSchema), metadata={"description": "Every field at fault"})
    possible = fields.List(fields.String(), metadata={"description": "Of a move that is not possible: those that are"})
    line = fields.Integer(metadata={"description": "In a batch: which line, from 1"})


PROBLEM = ProblemSchema()
