"""XML documents of the protocol: `<request>` from the gateway, `<response>` both ways.

Freedom Pay protocol, "XML requests". Only elements and text are the message: a document type, an entity of
its own, a namespace or text beside elements is refused, attributes and comments mean nothing. Text is kept
as it stands, for the reference signs it untrimmed. The encoding is UTF-8 whatever the document claims.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .errors import UnreadableMessage
from .forms import MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .signature import Field

MAX_DOCUMENT_BYTES = 1_048_576
"""Longest document that is parsed; a create answer with a QR picture has some tens of kilobytes."""
MAX_ELEMENTS = 500
"""Elements of one document. A status with its refunds has about seventy."""

_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_WHITE = " \t\r\n"


def read_xml(document: bytes | str, root: str) -> list[Field]:
    """Return the fields of a document whose outermost element is `root`; an empty leaf is an empty value.

    Raises UnreadableMessage for anything that is not well-formed UTF-8 XML of elements and text, for a
    document type or entities, another root, an empty root, more than MAX_ELEMENTS elements, deeper nesting
    than MAX_DEPTH or more than MAX_DOCUMENT_BYTES.
    """
    if len(document) > MAX_DOCUMENT_BYTES:
        raise UnreadableMessage(f"an XML document of more than {MAX_DOCUMENT_BYTES} bytes")
    try:
        text = (
            document.decode("utf-8-sig") if isinstance(document, bytes) else document.removeprefix("\ufeff")
        )
    except UnicodeError:
        raise UnreadableMessage("an XML document that is not UTF-8") from None
    if "<!DOCTYPE" in text:
        # No message has one, and text with a "<" is escaped: the parser need not see it.
        raise UnreadableMessage("an XML document with a document type or entities")
    try:
        return _parsed(text, root)
    except UnicodeError:
        raise UnreadableMessage("an XML document that is not UTF-8") from None


def write_xml(fields: Iterable[Field], root: str = "response") -> bytes:
    """Return the document that holds the fields, encoded in UTF-8; a carriage return survives as a reference.

    Raises ValueError for a name that XML cannot carry, or a character that it cannot.
    """
    return f"{_DECLARATION}{_element(root, tuple(fields))}".encode()


def _parsed(text: str, root: str) -> list[Field]:
    # Loaded only when XML really comes: it costs a cold start some ten milliseconds.
    from defusedxml.common import DefusedXmlException  # noqa: PLC0415
    from defusedxml.ElementTree import DefusedXMLParser, ParseError  # noqa: PLC0415

    reader = _Reader(root)
    parser = DefusedXMLParser(target=reader, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    # The parser's own handlers build a mapping of attributes and look at every comment: slow where there are
    # thousands, and of no use here.
    expat = parser.parser
    expat.StartElementHandler = reader.start
    expat.EndElementHandler = reader.end
    expat.DefaultHandlerExpand = None
    try:
        parser.feed(text)
        parser.close()
    except DefusedXmlException:
        raise UnreadableMessage("an XML document with a document type or entities") from None
    except (ParseError, ValueError) as error:
        # Its traceback holds it, and the document, until garbage is collected.
        error.__traceback__ = None
        raise UnreadableMessage("an XML document that is not well-formed") from None
    finally:
        # The parser and what hears it hold each other, and with them the document, until garbage is collected.
        vars(parser).clear()
    return reader.fields


class _Reader:
    """The parser's target: collects fields, stops at the first thing that no message of the protocol has."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._elements = 0
        self._names: list[str] = []
        self._children: list[list[Field]] = [[]]
        self.fields: list[Field] = []
        self._texts: list[list[str]] = []

    def start(self, tag: str, _attributes: object) -> None:
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise UnreadableMessage(f"an XML document of more than {MAX_ELEMENTS} elements")
        if not self._names and tag != self._root:
            raise UnreadableMessage("an XML document with another outermost element")
        if len(self._names) > MAX_DEPTH + 1:  # the root is no level of its own
            raise UnreadableMessage(f"an XML document nested more than {MAX_DEPTH} levels deep")
        if "}" in tag:
            raise UnreadableMessage("an XML document with namespaces")
        self._names.append(tag)
        self._children.append([])
        self._texts.append([])

    def data(self, text: str) -> None:
        self._texts[-1].append(text)

    def pi(self, _target: str, _text: str) -> None:
        raise UnreadableMessage("an XML document with processing instructions")

    def end(self, _tag: str) -> None:
        name, children, text = self._names.pop(), self._children.pop(), "".join(self._texts.pop())
        outermost = not self._names
        if children and text.strip(_WHITE):
            raise UnreadableMessage("an XML document with text beside elements")
        if outermost and not children:
            raise UnreadableMessage("an XML document without fields")
        if outermost:
            self.fields = children
        else:
            self._children[-1].append((name, tuple(children) if children else text))


def _element(name: str, value: str | Iterable[Field]) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError("a field's name cannot be the name of an XML element")
    if not isinstance(value, str):
        content = "".join([_element(inner_name, inner) for inner_name, inner in value])
    elif value.isprintable() or _carried(value):
        content = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    else:
        raise ValueError("a field's value has a character that XML cannot carry")
    return f"<{name}>{content}</{name}>"


def _carried(text: str) -> bool:
    # Compiled where it is needed: what is printable, which is nearly everything, needs none of it.
    return re.search(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text) is None
