"""Mutations on the wire: the bytes, the address, the method and the content type of a message that was genuine."""

import base64
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import quote

from proofs.callbacks.wire import BOUNDARY, FORM, MULTIPART, XML, Wire, bare_xml

Transport = Callable[[random.Random, Wire], Wire]
_TYPES = (
    *(
        FORM,
        MULTIPART,
        XML,
        "text/xml",
        "application/json",
        "text/plain",
        "",
        "x",
        "multipart/mixed; boundary=a",
    ),
    *(
        f"{FORM}, application/json",
        "multipart/form-data",
        f"{MULTIPART}; boundary=other",
        "application/x-www-form",
    ),
)
_CHARSETS = ("utf-8", "UTF-8", "windows-1251", "utf-16", "utf-7", "latin-1", "none", '"utf-8"')


def _text(wire: Wire) -> bytes:
    return wire.query.encode() if wire.method == "GET" else wire.body


def _with(wire: Wire, text: bytes) -> Wire:
    if wire.method == "GET":
        return replace(
            wire, query=text.decode("utf-8", "surrogateescape").encode("utf-8", "replace").decode()
        )
    return replace(wire, body=text)


def flip_bytes(chance: random.Random, wire: Wire) -> Wire:
    text = bytearray(_text(wire))
    for _ in range(chance.choice((1, 1, 2, 5))):
        text[chance.randrange(len(text))] ^= 1 << chance.randrange(8)
    return _with(wire, bytes(text))


def cut_or_double(chance: random.Random, wire: Wire) -> Wire:
    text = _text(wire)
    start = chance.randrange(len(text))
    end = min(len(text), start + chance.choice((1, 2, 10, 100)))
    return _with(
        wire, chance.choice((text[:start], text[:start] + text[end:], text[:end] + text[start:], text * 2))
    )


def encoded_twice(chance: random.Random, wire: Wire) -> Wire:
    text = _text(wire)
    if wire.encoding == "multipart":
        return replace(wire, body=text.replace(b"%", b"%25").replace(b" ", b"%20", chance.randrange(1, 9)))
    if chance.random() < 0.5:
        return _with(wire, re.sub(rb"%([0-9A-F]{2})", rb"%25\1", text))
    return _with(wire, quote(text, safe="&=").encode())


def other_escapes(chance: random.Random, wire: Wire) -> Wire:
    """The same text, escaped in another way: small letters, `%20` for `+`, letters that need no escape."""
    text = _text(wire)
    if wire.encoding == "multipart":
        return replace(wire, body=text.replace(b'name="', b"name=").replace(b'"\r\n', b"\r\n"))
    kind = chance.randrange(4)
    if kind == 0:
        return _with(wire, re.sub(rb"%[0-9A-F]{2}", lambda match: match[0].lower(), text))
    if kind == 1:
        return _with(wire, text.replace(b"+", b"%20"))
    if kind == 2:
        return _with(wire, text.replace(b"pg_", b"%70g%5F"))
    return _with(wire, text.replace(b"&", chance.choice((b";", b"&&", b"&amp;", b"&=&", b"\n&"))))


def charset(chance: random.Random, wire: Wire) -> Wire:
    kind = (wire.content_type or FORM) + f"; charset={chance.choice(_CHARSETS)}"
    if chance.random() < 0.3 and wire.body:
        text = wire.body.decode().encode(chance.choice(("cp1251", "utf-16", "latin-1")), "ignore")
        return replace(wire, content_type=kind, body=text)
    return replace(wire, content_type=kind)


def byte_order_mark(chance: random.Random, wire: Wire) -> Wire:
    return _with(wire, chance.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\x00", b" ", b"\r\n")) + _text(wire))


def other_type(chance: random.Random, wire: Wire) -> Wire:
    kind = chance.choice(_TYPES)
    return replace(wire, method="POST", body=_text(wire), content_type=kind, query="")


def other_method(chance: random.Random, wire: Wire) -> Wire:
    if wire.method == "GET" and chance.random() < 0.5:
        return replace(wire, method="POST", body=wire.query.encode(), query="", content_type=FORM)
    method = chance.choice(("PUT", "PATCH", "DELETE", "HEAD", "post", "GET"))
    query = wire.body.decode("utf-8", "replace") if method == "GET" and wire.body else wire.query
    return replace(
        wire, method=method, query=query, body=wire.body or b"x", content_type=wire.content_type or FORM
    )


def query_beside_body(chance: random.Random, wire: Wire) -> Wire:
    """The query of a POST is no part of the message, whatever it holds."""
    if wire.method == "GET":
        return replace(wire, method="POST", body=b"pg_x=1", content_type=FORM)
    if chance.random() < 0.4 and wire.content_type == FORM:
        pieces = wire.body.split(b"&")
        at = chance.randrange(len(pieces))
        return replace(wire, query=pieces[at].decode(), body=b"&".join(pieces[:at] + pieces[at + 1 :]))
    return replace(
        wire, query=chance.choice(("pg_result=1", "pg_amount=1&pg_sig=0", "a=b", "pg_xml=%3Crequest/%3E"))
    )


def other_path(chance: random.Random, wire: Wire) -> Wire:
    here = wire.path.rpartition("/")[2]
    other = {"paylink_check": "paylink_result", "paylink_result": "paylink_check"}[here]
    paths = (
        other,
        f"{here}/",
        f"{here}%20",
        here.upper(),
        f"{here};a",
        f"x/{other}",
        "",
        f"{here}?a=1",
        "success",
    )
    return replace(wire, path=f"/callbacks/{chance.choice(paths)}")


def base64_again(chance: random.Random, wire: Wire) -> Wire:
    if not wire.body:
        return replace(wire, query=base64.b64encode(wire.query.encode()).decode())
    again = base64.b64encode(wire.body)
    return replace(
        wire, body=chance.choice((again, again[:-1], again + b"\n")), in_base64=chance.random() < 0.5
    )


def as_text(_chance: random.Random, wire: Wire) -> Wire:
    """Handed over as text, as it would be for text/plain: the very same message."""
    return replace(wire, in_base64=False)


def xml_tricks(chance: random.Random, wire: Wire) -> Wire:
    bare = bare_xml(wire)
    text = bare.body.decode("utf-8", "replace")
    value = re.search(r">([^<>&]{1,40})</", text)
    held = value[1] if value else "x"
    tricks = (
        text.replace(f">{held}<", f"><![CDATA[{held}]]><", 1),
        text.replace(f">{held}<", ">" + "".join(f"&#{ord(letter)};" for letter in held) + "<", 1),
        text.replace(f">{held}<", f"><!-- a -->{held}<", 1),
        text.replace("<pg_amount>", "<pg_amount a='1'>"),
        text.replace("><", "> <"),
        text.replace("><", ">\n\t<", 3),
        text.replace("<request>", "<request xmlns='a'>"),
        text.replace("<request>", "<!DOCTYPE request><request>"),
        text.replace("<request>", '<!DOCTYPE r [<!ENTITY a "1">]><request>').replace(
            "<pg_result>1", "<pg_result>&a;"
        ),
        text.replace("utf-8", "windows-1251"),
        text.replace("utf-8", "utf-16"),
        text.replace("<request>", "<?a b?><request>"),
        text.replace("request>", "response>"),
        text + "<request><a>1</a></request>",
        text.replace("</request>", "<pg_result>1</pg_result></request>"),
        text.replace("<pg_amount>", "<pg_amount><b>").replace("</pg_amount>", "</b></pg_amount>"),
        text.replace("pg_amount>", "PG_AMOUNT>"),
        "\ufeff" + text,
        text.replace("</pg_amount>", "&nbsp;</pg_amount>"),
    )
    made = chance.choice(tricks)
    if chance.random() < 0.5:
        return replace(bare, body=made.encode())
    return replace(wire, body=b"pg_xml=" + quote(made).encode())


def part_tricks(chance: random.Random, wire: Wire) -> Wire:
    body = wire.body
    head = b'Content-Disposition: form-data; name="'
    inner = b"Content-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\n" + head + b'a"\r\n\r\n1\r\n--in--'
    tricks = (
        body.replace(b"\r\n", b"\n"),
        body.replace(b'"\r\n\r\n', b'"; filename="a.txt"\r\n\r\n', 1),
        body.replace(b'"\r\n\r\n', b'"\r\nContent-Transfer-Encoding: base64\r\n\r\n', 1),
        body.replace(b'"\r\n\r\n', b'"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n', 1),
        body.replace(b'"\r\n\r\n', b'"\r\nContent-Type: text/plain; charset=utf-16\r\n\r\n', 1),
        body.replace(b'"\r\n\r\n', b'"\r\nContent-Length: 9999\r\n\r\n', 1),
        body.replace(b'"\r\n\r\n', b'"\r\n' + head + b'b"\r\n\r\n', 1),
        body.replace(b'"\r\n\r\n', b'"\r\n' + inner + b"\r\n\r\n", 1),
        body.replace(b'name="pg_', b'name="pg%5F', 1),
        body.replace(b'name="', b'name*="', 1),
        body.replace(b'name="', b'x="1"; name="', 1),
        body.replace(head, head.lower()),
        b"preamble\r\n" + body,
        body + b"epilogue",
        body.replace(b"--\r\n", b"\r\n"),
        body.replace(BOUNDARY.encode(), b"other"),
        body.replace(b"\r\n--", b"\r\n\r\n--", 1),
    )
    return replace(wire, body=chance.choice(tricks))


TRANSPORTS: Mapping[str, Transport] = {
    "bytes flipped": flip_bytes,
    "cut or doubled": cut_or_double,
    "encoded twice": encoded_twice,
    "other escapes": other_escapes,
    "charset": charset,
    "byte order mark": byte_order_mark,
    "another content type": other_type,
    "another method": other_method,
    "query beside the body": query_beside_body,
    "another path": other_path,
    "base64 again": base64_again,
    "as text": as_text,
}
OF_ENCODING: Mapping[str, Mapping[str, Transport]] = {
    "pg_xml": {"tricks of the encoding": xml_tricks},
    "multipart": {"tricks of the encoding": part_tricks},
}
