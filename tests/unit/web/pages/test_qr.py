"""QR codes: of the address alone, made anew, kept for a day."""

import base64
import io
import re
import subprocess
import sys
from xml.etree.ElementTree import Element

import pytest
import segno
from defusedxml.ElementTree import fromstring

from paylink.web.qr import qr_response

ADDRESS = "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/pay/coffee"


def picture(kind: str, address: str = ADDRESS) -> bytes:
    return base64.b64decode(qr_response(address, kind, f"coffee.{kind}")["body"])


@pytest.mark.parametrize(("kind", "content_type"), [("svg", "image/svg+xml"), ("png", "image/png")])
def test_the_headers(kind: str, content_type: str) -> None:
    response = qr_response(ADDRESS, kind, f"coffee.{kind}")
    assert response["statusCode"] == 200
    assert response["isBase64Encoded"] is True
    assert response["headers"] == {
        "content-type": content_type,
        "content-disposition": f'inline; filename="coffee.{kind}"',
        "cache-control": "public, max-age=86400",
        "content-security-policy": "default-src 'none'",
        "x-content-type-options": "nosniff",
    }


def test_the_svg_fits_any_size_and_draws_the_address() -> None:
    root = fromstring(picture("svg"))
    side = len(segno.make(ADDRESS, error="m").matrix) + 8
    assert root.get("viewBox") == f"0 0 {side} {side}"
    assert root.get("width") is None
    assert drawn(root) == dark_modules(ADDRESS)
    assert drawn(fromstring(picture("svg", ADDRESS + "2"))) != dark_modules(ADDRESS)


def dark_modules(address: str) -> set[tuple[int, int]]:
    matrix = segno.make(address, error="m", micro=False).matrix
    return {(x + 4, y + 4) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark}


def drawn(root: Element) -> set[tuple[int, int]]:
    """The dark squares of the picture: its second path, of horizontal lines one square high."""
    ground, code = root.iter("{http://www.w3.org/2000/svg}path")
    assert ground.get("fill") == "#fff"
    assert code.get("stroke") == "#000"
    found, x, y = set(), 0.0, 0.0
    for command, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?:[ ,]?(-?[\d.]+))?", str(code.get("d"))):
        if command == "h":
            found |= {(int(x) + step, int(y)) for step in range(int(first))}
            x += float(first)
        else:
            x = float(first) if command == "M" else x + float(first)
            y = float(second) if command == "M" else y + float(second)
    return found


def test_the_png_draws_the_same() -> None:
    content = picture("png")
    expected = io.BytesIO()
    segno.make(ADDRESS, error="m", micro=False).save(expected, kind="png", scale=10)
    assert content == expected.getvalue()
    assert content.startswith(b"\x89PNG")


def test_the_library_is_loaded_only_for_a_picture() -> None:
    code = "import sys, paylink.web.qr; print('segno' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "False"
