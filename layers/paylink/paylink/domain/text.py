"""Texts from people: what may pass on to the gateway, and which language is shown."""

import unicodedata
from collections.abc import Mapping
from typing import Final

LANGUAGES: Final = ("ru", "en", "kz", "uz", "kg")
"""The languages of the gateway's page (Create payment: pg_language)."""

DEFAULT_LANGUAGE: Final = "ru"

Text = str | Mapping[str, str]
"""A text, or one per language."""


def in_language(text: Text, language: str) -> str:
    """The text in a language; else in Russian, else in whichever language it has."""
    if isinstance(text, str):
        return text
    return text.get(language) or text.get(DEFAULT_LANGUAGE) or next(iter(text.values()), "")


def is_printable(text: str) -> bool:
    """Whether a text can stand in one line of JSON and XML: no control, surrogate or line-breaking characters."""
    # What Python calls printable has none of them; it also refuses what may pass, so that is looked at one by one.
    return text.isprintable() or all(
        unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"} and character not in "\ufffe\uffff"
        for character in text
    )


def one_line(text: str) -> str:
    """A text as the gateway gets it in a description: one line, and `;` as `,`.

    The protocol joins values with `;` when it signs and escapes nothing, so a `;` inside one value could
    stand for the border between two.
    """
    return " ".join(text.replace(";", ",").split())
