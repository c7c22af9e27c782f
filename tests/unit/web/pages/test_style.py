"""The style: small, and named by its hash."""

import base64
import hashlib
import re
from pathlib import Path

from paylink.web.pages import style


def test_the_hash_is_of_what_stands_in_the_page() -> None:
    digest = hashlib.sha256(style.STYLE.text.encode()).digest()
    assert f"'sha256-{base64.b64encode(digest).decode()}'" == style.STYLE_SOURCE


def test_squeezing_keeps_what_means_something() -> None:
    sheet = """
    /* a note */
    .a > b , c d { margin : 0 auto;  color: red ; }
    @media (min-width: 40rem) and (pointer: coarse) { .x { width: calc(1px + 2px); } }
    """
    assert style.squeezed(sheet) == (
        ".a>b,c d{margin :0 auto;color:red}"
        "@media (min-width:40rem) and (pointer:coarse){.x{width:calc(1px + 2px)}}"
    )


def test_no_string_of_the_sheet_holds_what_is_squeezed() -> None:
    sheet = Path(style.__file__).with_name("style.css").read_text(encoding="utf-8")
    for text in re.findall(r'"[^"]*"', sheet):
        assert style.squeezed(text) == text


def test_nothing_is_fetched_and_nothing_ends_the_element() -> None:
    sheet = style.STYLE.text
    assert "url(" not in sheet
    assert "@import" not in sheet
    assert "</" not in sheet


def test_it_is_small() -> None:
    assert len(style.STYLE.text) < 6000
