"""Messages as they arrive: forms, multipart bodies, query strings and XML, read into ordered pairs.

Bracketed form names become nested values as PHP makes them (`a[0][b]=1`). What PHP would silently merge or
override (a name given twice, or both a value and a list) is refused here: the protocol asks for unique names,
and a mistake that a stand-in hides is found in production.
"""

import re
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from werkzeug.wrappers import Request

from .signing import Pair, Value

XML_FIELD = "pg_xml"
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")

_BRACKETED = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])+)")
_PLAIN = re.compile(r"[^\[\]]+")

Tree = dict[str, "str | Tree"]


class UnreadableMessageError(Exception):
    """The message is in none of the documented forms, or its names are ambiguous; says why."""


def read_request(request: Request) -> list[Pair]:
    """Return the fields of a gateway request: GET query, urlencoded, multipart, or the single field pg_xml.

    Raises UnreadableMessageError.
    """
    if request.method == "GET":
        received = list(request.args.items(multi=True))
    elif request.mimetype in FORM_TYPES:
        received = list(request.form.items(multi=True))
        if request.files:
            raise UnreadableMessageError("a part of the body is a file")
    else:
        raise UnreadableMessageError(f"a body of type {request.mimetype or 'none'} is not read")
    if not received:
        raise UnreadableMessageError("no fields were sent")
    if any(name == XML_FIELD for name, _ in received):
        if len(received) > 1:
            raise UnreadableMessageError("pg_xml stands alone, with no other field beside it")
        return read_xml(received[0][1], root="request")
    return read_form(received)


def read_form(received: Iterable[tuple[str, str]]) -> list[Pair]:
    """Return nested pairs from form fields in message order. Raises UnreadableMessageError."""
    tree: Tree = {}
    for name, value in received:
        _put(tree, _path(name), value, name)
    return _pairs(tree)


def read_xml(document: str | bytes, root: str) -> list[Pair]:
    """Return the fields of an XML document; text is taken as it stands, never trimmed.

    Raises UnreadableMessageError for anything but well-formed XML of this root, and for entities and DTDs.
    """
    try:
        element = fromstring(document, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as problem:
        raise UnreadableMessageError("this is not well-formed XML") from problem
    if element.tag != root:
        raise UnreadableMessageError(f"the root element is not <{root}>")
    pairs: list[Pair] = [(child.tag, _xml_value(child)) for child in element]
    names = [name for name, value in pairs if isinstance(value, str)]
    if (twice := _repeated(names)) is not None:
        raise UnreadableMessageError(f"{twice} is given twice")
    return pairs


def text_of(pairs: Sequence[Pair], name: str) -> str | None:
    """Return the text of one field, None when it is absent or nested."""
    return next((value for key, value in pairs if key == name and isinstance(value, str)), None)


def _path(name: str) -> list[str]:
    if _PLAIN.fullmatch(name):
        return [name]
    match = _BRACKETED.fullmatch(name)
    if not match:
        raise UnreadableMessageError("a field has an empty or malformed name")
    return [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]


def _put(tree: Tree, path: list[str], value: str, name: str) -> None:
    for key in path[:-1]:
        branch = tree.setdefault(key or str(len(tree)), {})
        if isinstance(branch, str):
            raise UnreadableMessageError(f"{name} is both a value and a list")
        tree = branch
    leaf = path[-1] or str(len(tree))
    if leaf in tree:
        raise UnreadableMessageError(f"{name} is given twice")
    tree[leaf] = value


def _pairs(tree: Tree) -> list[Pair]:
    return [(name, value if isinstance(value, str) else _pairs(value)) for name, value in tree.items()]


def _xml_value(element: Element) -> Value:
    if len(element) == 0:
        return element.text or ""
    return [(child.tag, _xml_value(child)) for child in element]


def _repeated(names: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None
