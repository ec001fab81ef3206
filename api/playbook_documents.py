"""Playbooks as operations see them: the schemas of versions, checks and cases."""

from marshmallow import Schema

from api.answer_fields import flag, instant, integer, listed, text, texts


class PublicationSchema(Schema):
    """A playbook coming into force."""

    at = instant("When")
    by = text("Who did it: the name of the key, or as the command line was told")
    because = text("Why")


class PlaybookVersionSchema(Schema):
    """A kept playbook; its text is at its own address."""

    number = integer("Its number")
    created_at = instant("When it was first published")
    by = text("Who published it")
    because = text("Why")
    tested = flag("Whether cases that it passed are kept with it, at /cases")
    active = flag("Whether it is in force")
    publications = listed(PublicationSchema, "Every time it came into force, oldest first")


class PlaybookVersionsSchema(Schema):
    """A page of playbooks, newest first."""

    versions = listed(PlaybookVersionSchema, "The versions")
    cursor = text("Pass it as ?cursor= for the next page; null at the end", none=True)


class PublishedSchema(Schema):
    """That a playbook came into force."""

    number = integer("Its number, also the ETag to edit it by")
    at = instant("When")
    by = text("Who did it")
    because = text("Why")


class PlaybookProblemSchema(Schema):
    """One thing wrong at one place of a playbook."""

    file = text("playbook.yaml: what was sent")
    line = integer("The line, from 1")
    column = integer("The column, from 1")
    code = text("Which kind of problem")
    message = text("What is wrong")
    hint = text("The remedy, or empty")


class CheckedSchema(Schema):
    """What a check of a playbook found."""

    problems = listed(PlaybookProblemSchema, "Empty: it can be published")


class CaseSchema(Schema):
    """How one case came out."""

    name = text("The case's name")
    ok = flag("Whether all came out as expected")
    differences = texts("What was expected and what was found, by line")


class TestedSchema(Schema):
    """How a playbook's cases came out."""

    __test__ = False

    passed = integer("Cases that came out as expected")
    failed = integer("Cases that did not; no case at all counts as one")
    cases = listed(CaseSchema, "Each case")
    uncovered = texts("Rules and routes that no case reaches")


PLAYBOOK_VERSIONS = PlaybookVersionsSchema()
PUBLISHED = PublishedSchema()
CHECKED = CheckedSchema()
TESTED = TestedSchema()
