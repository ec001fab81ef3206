"""Who is asking: the bearer key of a request, checked against what the door declared."""

from flask import current_app, g, request

from api.desk import desk
from api.operation import operation_of
from api.problems import ProblemError
from store.keys import Key, find_key

CHALLENGE = 'Bearer realm="leadline"'


def check_key() -> None:
    """Refuses the request unless its key opens the door it knocks at; remembers the key for the door.

    Raises: ProblemError 401 for a key that is missing, unknown or revoked, 403 for one of another kind.
    """
    declared = operation_of(current_app.view_functions.get(request.endpoint or ""))
    if declared is None or not declared.who:
        return
    key = _key()
    if key.kind != "admin" and key.kind not in declared.who:
        kinds = " or ".join(sorted(declared.who | {"admin"}))
        raise ProblemError(403, f"This is a key of kind {key.kind}; a key of kind {kinds} is needed here.")
    g.key = key


def asking() -> Key:
    """The key of the request that is being answered, at a door that asks for one."""
    key: Key = g.key
    return key


def _key() -> Key:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise _refused("A key is needed: send Authorization: Bearer KEY.", CHALLENGE)
    with desk().database.read() as tx:
        key = find_key(tx, text.strip())
    if key is None:
        raise _refused("This key is not known here.", f'{CHALLENGE}, error="invalid_token"')
    if key.revoked_at is not None:
        raise _refused("This key has been revoked.", f'{CHALLENGE}, error="invalid_token"')
    return key


def _refused(detail: str, challenge: str) -> ProblemError:
    return ProblemError(401, detail, headers={"WWW-Authenticate": challenge})
