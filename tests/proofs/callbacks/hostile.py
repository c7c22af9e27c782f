"""The largest bodies that are read, made to be slow: what a stranger without a key may send to the callbacks."""

import random
from collections.abc import Callable, Mapping
from urllib.parse import quote

from proofs.callbacks.wire import BOUNDARY, FORM, LARGEST, MULTIPART, XML, Wire

PATH = "/callbacks/paylink_result"


def _filled(unit: bytes, head: bytes = b"", tail: bytes = b"", most: int = LARGEST) -> bytes:
    return head + unit * ((most - len(head) - len(tail)) // len(unit)) + tail


def _numbered(pattern: bytes, count: int, between: bytes = b"") -> bytes:
    return between.join(pattern % number for number in range(count))[:LARGEST]


PART = b'--%s\r\nContent-Disposition: form-data; name="' % BOUNDARY.encode()
END = b"\r\n--%s--\r\n" % BOUNDARY.encode()
_SIG = b"pg_sig=" + b"0" * 32 + b"&"
_XML_SIG = b"<request><pg_sig>" + b"0" * 32 + b"</pg_sig>"
# A part with as many headers as are read, and many parts.
_HEADERS = b"".join(b"X-%d: " % number + b" \t" * 18 + b"\r\n" for number in range(7))
_MANY_PARTS = b"".join(PART + b'n%d"\r\n' % n + _HEADERS + b"\r\n" + b"v" * 20 + b"\r\n" for n in range(195))

BODIES: Mapping[str, tuple[str, bytes]] = {
    "a value of escapes": (FORM, _filled(b"%D0%96", _SIG + b"a=")),
    "a value of plain text": (FORM, _filled(b"x", _SIG + b"a=")),
    "a value of signs": (FORM, _filled(b"=+", _SIG + b"a=")),
    "a value of semicolons": (FORM, _filled(b";", _SIG + b"a=")),
    "200 fields": (FORM, _SIG + _numbered(b"a%d=" + b"%%41" * 75, 199, b"&")),
    "separators": (FORM, _filled(b"&", _SIG)),
    "brackets": (FORM, _SIG + _numbered(b"a[%d][b][c][d][e]=" + b"v" * 290, 198, b"&")),
    "lists": (FORM, _SIG + _numbered(b"a[][][][][]=%d" + b"v" * 290, 198, b"&")),
    "deepest brackets": (FORM, _SIG + _numbered(b"a[%d][b][c][d][e][f][g][h]=" + b"v" * 280, 198, b"&")),
    "deepest lists": (FORM, _SIG + _numbered(b"a[][][][][][][][]=%d" + b"v" * 280, 198, b"&")),
    "as many brackets as are read": (
        FORM,
        _SIG + _numbered(b"a[%d][b][c][d][e][f][g][h]=" + b"v" * 800, 75, b"&"),
    ),
    "as many lists as are read": (FORM, _SIG + _numbered(b"a%d[][][]=" + b"v" * 290, 198, b"&")),
    "one name of brackets": (FORM, _filled(b"[a]", _SIG, b"=1")),
    "open brackets": (FORM, _filled(b"[", _SIG + b"a", b"=1")),
    "bad escapes": (FORM, _filled(b"%4", _SIG + b"a=")),
    "half characters": (FORM, _filled(b"%D0", _SIG + b"a=")),
    "XML of escapes in a form": (
        FORM,
        b"pg_xml=" + quote(_filled(b"<a>1</a>", _XML_SIG, b"</request>", 21_000)).encode(),
    ),
    "one part": (MULTIPART, _filled(b"x", PART + b'pg_sig"\r\n\r\n', END)),
    "195 parts of headers": (MULTIPART, (_MANY_PARTS[: LARGEST - len(END)]) + END),
    "195 whole parts": (
        MULTIPART,
        b"".join(PART + b'n%d"\r\n\r\n' % n + b"v" * 230 + b"\r\n" for n in range(195)) + END[2:],
    ),
    "parts of lines": (MULTIPART, _filled(b"\r\n", PART + b'pg_sig"\r\n\r\n', END)),
    "near boundaries": (
        MULTIPART,
        _filled(b"\r\n--" + BOUNDARY.encode()[:-1], PART + b'pg_sig"\r\n\r\n', END),
    ),
    "boundaries": (MULTIPART, _filled(b"\r\n--" + BOUNDARY.encode())),
    "one header of white space": (MULTIPART, _filled(b" \t", PART + b'a"; ', b'x="1"\r\n\r\n1' + END)),
    "one header of parameters": (MULTIPART, _filled(b"; a=b", PART + b'a"', b"\r\n\r\n1" + END)),
    "one header of quotes": (MULTIPART, _filled(b'"', PART + b'a"; b=', b"\r\n\r\n1" + END)),
    "many headers": (MULTIPART, _filled(b"A: b\r\n", PART + b'a"\r\n', b"\r\n1" + END)),
    "XML of entities": (XML, _filled(b"&amp;", _XML_SIG + b"<a>", b"</a></request>")),
    "XML of numbers": (XML, _filled(b"&#1090;", _XML_SIG + b"<a>", b"</a></request>")),
    "XML of CDATA": (XML, _filled(b"<![CDATA[x]]>", _XML_SIG + b"<a>", b"</a></request>")),
    "XML of comments": (XML, _filled(b"<!---->", _XML_SIG, b"</request>")),
    "XML of attributes": (
        XML,
        _XML_SIG + b"<a " + _numbered(b"a%d=''", 7_000, b" ")[:65_000] + b"/></request>",
    ),
    "XML of line ends": (XML, _filled(b"\r\n", _XML_SIG + b"<a>", b"</a></request>")),
    "XML of text": (XML, _filled("Ж".encode(), _XML_SIG + b"<a>", b"</a></request>")),
    "XML of 500 elements": (XML, _XML_SIG + b"<a>%s</a>" % (b"x" * 120) * 480 + b"</request>"),
    "XML that is deep": (XML, _filled(b"<a>", b"<request>")),
    "XML that is wide": (XML, _filled(b"<a/>", _XML_SIG, b"</request>")),
    "XML with one name": (XML, _filled(b"a", b"<request><", b"/></request>")),
    "XML with namespaces": (XML, _filled(b" xmlns='a'", b"<request", b"/>")),
    "XML of references to nothing": (XML, _filled(b"&a;", _XML_SIG + b"<a>", b"</a></request>")),
    "laughs": (
        XML,
        _filled(
            b"&a;", b'<!DOCTYPE r [<!ENTITY a "' + b"ha" * 9_000 + b'">]><request><a>', b"</a></request>"
        ),
    ),
}


def hostile(chance: random.Random) -> tuple[str, Wire]:
    """A name and a body of at most 64 KB; a form now and then as an address."""
    name = chance.choice(list(BODIES))
    kind, body = BODIES[name]
    if kind == FORM and chance.random() < 0.3:
        return f"{name}, as an address", Wire("get", PATH, "GET", body[:LARGEST].decode(), None, b"")
    encoding = {FORM: "urlencoded", MULTIPART: "multipart", XML: "pg_xml"}[kind]
    return name, Wire(encoding, PATH, "POST", "", kind, body[:LARGEST], in_base64=True)


LAUGHS = b'<!DOCTYPE r [<!ENTITY a "ha">%s]><request><a>&b9;</a></request>' % b"".join(
    b'<!ENTITY b%d "%s">' % (level, (b"&b%d;" % (level - 1) if level else b"&a;") * 10) for level in range(10)
)
TOO_LARGE: Mapping[str, Callable[[], tuple[str, bytes]]] = {
    "a million entities": lambda: (
        XML,
        _filled(b"&a;", b'<!DOCTYPE r [<!ENTITY a "ha">]><request><a>', b"</a></request>", 3_100_000),
    ),
    "a million entities in a form": lambda: (
        FORM,
        _filled(b"%26a%3B", b"pg_xml=%3Crequest%3E", b"", 7_000_000),
    ),
    "4.4 MB of XML": lambda: (XML, _filled(b"<a>1</a>", b"<request>", b"</request>", 4_400_000)),
    "4.4 MB of parts": lambda: (MULTIPART, _filled(PART + b'a"\r\n\r\n1\r\n', b"", END[2:], 4_400_000)),
    "4.4 MB of a form": lambda: (FORM, _filled(b"a=%D0%96&", b"", b"", 4_400_000)),
}
"""Bodies that are refused by their length."""
BOMBS: Mapping[str, bytes] = {
    "a billion laughs": LAUGHS,
    "an external entity": LAUGHS.replace(b'"ha"', b'SYSTEM "a"'),
}
"""Short bodies with a document type, refused before the XML parser sees them."""
