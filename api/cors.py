"""Which pages' scripts may read what the public doors answer (CORS)."""

from collections.abc import Collection

from flask import Response, request

ALLOWED_HEADERS = "Content-Type, Authorization, X-Request-Id"


def preflight(origins: Collection[str]) -> Response:
    """The answer to a browser that asks whether a page's script may post here."""
    response = allow(Response(status=204), origins)
    if "Access-Control-Allow-Origin" in response.headers:
        response.headers["Access-Control-Allow-Methods"] = "POST"
        response.headers["Access-Control-Allow-Headers"] = ALLOWED_HEADERS
        response.headers["Access-Control-Max-Age"] = "600"
    return response


def allow(response: Response, origins: Collection[str]) -> Response:
    """The response, readable by the page that asks if it is one of the origins."""
    response.vary.add("Origin")
    origin = request.headers.get("Origin")
    if origin is not None and origin in origins:
        response.headers["Access-Control-Allow-Origin"] = origin
    return response
