"""A JSON object out of a body, strictly: UTF-8, no member twice, no number that JSON does not have."""

import json
from typing import Any, Final, NoReturn

from paylink.domain.errors import Entry, InvalidBody
from paylink.domain.text import is_printable


def read_json_object(body: bytes) -> dict[str, object]:
    """The object. Raises InvalidBody with a text that says what to change."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise _invalid("must be UTF-8") from None
    if not text.strip():
        raise _invalid('must be a JSON object such as {"link": "coffee"}')
    try:
        document = _DECODER.decode(text)
    except RecursionError:
        raise _invalid("is nested too deeply") from None
    except InvalidBody:
        raise
    except ValueError as error:
        place = (
            f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        )
        raise _invalid(f"must be valid JSON{place}") from None
    if not isinstance(document, dict):
        raise _invalid('must be a JSON object such as {"link": "coffee"}')
    return document


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if not is_printable(name):
            raise _invalid("has a member whose name cannot be printed")
        if name in found:
            raise _invalid(f"names {name[:80]!r} twice")
        found[name] = value
    return found


def _constant(name: str) -> NoReturn:
    raise _invalid(f"holds {name}, which is no JSON")


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)


def _invalid(detail: str) -> InvalidBody:
    return InvalidBody([Entry("body", detail)])
