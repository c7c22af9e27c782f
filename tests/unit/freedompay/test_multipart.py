"""multipart/form-data: values byte for byte, and every looseness of the format refused."""

import pytest

from paylink.freedompay.errors import UnreadableMessage
from paylink.freedompay.multipart import read_multipart

MULTIPART = "multipart/form-data; boundary=b"


def _part(name: str, value: bytes, headers: str = "") -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n{headers}\r\n'
    return head.encode() + value + b"\r\n"


def _multipart(fields: list) -> bytes:
    return b"".join(_part(name, value.encode()) for name, value in fields) + b"--b--\r\n"


@pytest.mark.parametrize(
    "value", [b"", b" x ", b"\r\n", b"\n\nx\r\n", b"-b", b"\r\n--", b"\r\n-b", "я".encode(), b"\x00"]
)
def test_a_value_is_kept_byte_for_byte(value):
    body = _part("a", value) + _part("z", b"1") + b"--b--\r\n"
    assert read_multipart(MULTIPART, body) == [("a", value.decode()), ("z", "1")]


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data; boundary=b",
        "Multipart/Form-Data;boundary=b",
        'multipart/form-data; boundary="b"',
        "multipart/form-data; charset=utf-8; BOUNDARY=b",
        "multipart/form-data;  boundary=b  ",
    ],
)
def test_the_boundary_in_its_forms(content_type):
    assert read_multipart(content_type, _multipart([("a", "1")])) == [("a", "1")]


def test_a_boundary_of_every_character_that_is_allowed():
    boundary = "0aZ'()+_,-./:=? x"
    body = _multipart([("a", "1")]).replace(b"--b", f"--{boundary}".encode())
    assert read_multipart(f'multipart/form-data; boundary="{boundary}"', body) == [("a", "1")]


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Type: text/plain; charset=utf-8\r\n",
        "Content-Length: 1\r\n",
        "Content-Transfer-Encoding: 8bit\r\n",
        "content-transfer-encoding: BINARY\r\n",
        "X-Other: anything at all; a=b; a=c\r\n",
    ],
)
def test_other_headers_of_a_part(headers):
    assert read_multipart(MULTIPART, _part("a", b"1", headers) + b"--b--\r\n") == [("a", "1")]


@pytest.mark.parametrize(
    "disposition",
    ["form-data; name=a", 'FORM-DATA;name="a"', 'form-data ;  name="a" ', 'form-data; NAME="a"'],
)
def test_a_name_in_its_forms(disposition):
    body = f"--b\r\nContent-Disposition: {disposition}\r\n\r\n1\r\n--b--\r\n".encode()
    assert read_multipart(MULTIPART, body) == [("a", "1")]


def test_a_name_outside_ascii():
    assert read_multipart(MULTIPART, _multipart([("имя", "1")])) == [("имя", "1")]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"a=1", id="not multipart"),
        pytest.param(_multipart([("a", "1")])[:-4], id="last boundary cut off"),
        pytest.param(_multipart([("a", "1")])[:-9], id="cut off after the value"),
        pytest.param(_part("a", b"1"), id="no last boundary"),
        pytest.param(b"preamble\r\n" + _multipart([("a", "1")]), id="text before"),
        pytest.param(_multipart([("a", "1")]) + b"epilogue", id="text after"),
        pytest.param(_multipart([("a", "1")]).replace(b"\r\n", b"\n"), id="bare line feeds"),
        pytest.param(_multipart([("a", "1")]).replace(b"--b", b"--c"), id="another boundary"),
        pytest.param(b"--b \r\n" + _multipart([("a", "1")])[5:], id="space after the boundary"),
        pytest.param(_part("a", b"x\r\n--bad\r\ny") + b"--b--\r\n", id="boundary within a value"),
        pytest.param(b"--b\r\n\r\n1\r\n--b--\r\n", id="no headers"),
        pytest.param(b"--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--\r\n", id="no name"),
        pytest.param(_part("", b"1") + b"--b--\r\n", id="empty name"),
        pytest.param(_part('a"; filename="x', b"1") + b"--b--\r\n", id="file"),
        pytest.param(_part('a"; filename*="x', b"1") + b"--b--\r\n", id="extended file"),
        pytest.param(_part('a"; filename="', b"1") + b"--b--\r\n", id="empty name of a file"),
        pytest.param(_part('a"; name="b', b"1") + b"--b--\r\n", id="name twice"),
        pytest.param(_part('a"; other="b', b"1") + b"--b--\r\n", id="other parameter"),
        pytest.param(_part('a\\"b', b"1") + b"--b--\r\n", id="escaped quote"),
        pytest.param(_part("a%22b", b"1") + b"--b--\r\n", id="percent-escaped quote"),
        pytest.param(_part("a%0d%0Ab", b"1") + b"--b--\r\n", id="percent-escaped line end"),
        pytest.param(_part("a\tb", b"1") + b"--b--\r\n", id="control character in a name"),
        pytest.param(_part('a" junk="', b"1") + b"--b--\r\n", id="parameters run together"),
        pytest.param(_part("a[", b"1") + b"--b--\r\n", id="brackets that do not pair"),
        pytest.param(b'--b\r\nContent-Disposition: attachment; name="a"\r\n\r\n1\r\n--b--', id="attachment"),
        pytest.param(_part("a", b"\xff") + b"--b--\r\n", id="value that is not UTF-8"),
        pytest.param(_part("a", b"--b") + b"--b--\r\n", id="boundary at the start of a value"),
        pytest.param(
            _part("a", b"1", "X: ?\r\n").replace(b"?", b"\xff") + b"--b--\r\n", id="header not UTF-8"
        ),
        pytest.param(_part("a", b"1", "no colon\r\n") + b"--b--\r\n", id="header without a colon"),
        pytest.param(_part("a", b"1", "X: 1\r\nx: 2\r\n") + b"--b--\r\n", id="header twice"),
        pytest.param(_part("a", b"1", "X: 1\r\n Y: 2\r\n") + b"--b--\r\n", id="folded header"),
        pytest.param(_part("a", b"1", "Content-Transfer-Encoding: base64\r\n") + b"--b--\r\n", id="base64"),
        pytest.param(_part("a", b"1", "Content-Length: 2\r\n") + b"--b--\r\n", id="wrong length"),
        pytest.param(
            _part("a", b"1", "".join(f"X{n}: 1\r\n" for n in range(8))) + b"--b--\r\n", id="nine headers"
        ),
    ],
)
def test_bodies_that_are_refused(body):
    with pytest.raises(UnreadableMessage):
        read_multipart(MULTIPART, body)


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data;",
        "multipart/form-data; boundary=",
        'multipart/form-data; boundary=""',
        "multipart/form-data; boundary=b; boundary=b",
        "multipart/form-data; boundary=b; boundary=c",
        'multipart/form-data; boundary="b ',
        'multipart/form-data; boundary="b "',
        "multipart/form-data; boundary=я",
        "multipart/form-data; boundary=b<",
        "multipart/form-data; boundary=" + "b" * 71,
        "multipart/form-data; =b",
    ],
)
def test_content_types_that_are_refused(content_type):
    with pytest.raises(UnreadableMessage):
        read_multipart(content_type, _multipart([("a", "1")]))
