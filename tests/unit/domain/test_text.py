"""Texts from people."""

import pytest

from paylink.domain.text import in_language, is_printable, one_line

TITLES = {"ru": "Кофе", "en": "Coffee", "kz": "Кофе-кз"}


@pytest.mark.parametrize(
    ("text", "language", "shown"),
    [
        ("Coffee", "kz", "Coffee"),
        (TITLES, "en", "Coffee"),
        (TITLES, "kz", "Кофе-кз"),
        (TITLES, "uz", "Кофе"),
        ({"en": "Coffee"}, "kg", "Coffee"),
        ({"en": "Coffee"}, "ru", "Coffee"),
    ],
)
def test_a_text_is_shown_in_the_language_or_the_nearest(text: object, language: str, shown: str) -> None:
    assert in_language(text, language) == shown


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Coffee; tea", "Coffee, tea"),
        (";", ","),
        ("a\nb\r\n c\t d", "a b c d"),
        ("  padded  ", "padded"),
        ("no\u00a0break", "no break"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_the_gateway_gets_one_line_without_semicolons(text: str, sent: str) -> None:
    assert one_line(text) == sent


@pytest.mark.parametrize("text", ["", "Coffee", "Кофе «Арабика»", "咖啡", "☕️", "a b", "Ü"])
def test_what_people_write_is_printable(text: str) -> None:
    assert is_printable(text)


@pytest.mark.parametrize("text", ["\x00", "a\nb", "a\tb", "\x7f", "\x85", "\ud800", chr(0xDFFF), "a\x1b[31m"])
def test_control_and_surrogate_characters_are_not(text: str) -> None:
    assert not is_printable(text)


@pytest.mark.parametrize("text", ["a\u2028b", "a\u2029b", "a\ufffeb", "a\uffffb"])
def test_what_breaks_lines_or_cannot_stand_in_xml_is_not_printable(text: str) -> None:
    assert not is_printable(text)
