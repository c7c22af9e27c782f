"""The texts: five languages that say the same, with the same places to fill."""

import dataclasses
import string

import pytest

from paylink.domain.text import LANGUAGES
from paylink.web.pages.texts import TEXTS, State, Texts

PLACES = {
    "pay": {"sum"},
    "amount": {"currency"},
    "bounds": {"least", "most"},
    "left": {"count"},
    "amount_later": {"least", "most"},
    "phone_hint": {"example"},
    "closes": {"moment"},
    "quantity_wrong": {"least", "most"},
    "amount_wrong": {"least", "most"},
    "phone_wrong": {"example"},
    "too_many": {"count"},
    "not_open": {"moment"},
    "closed": {"moment"},
}


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def sentences(text: str | State) -> list[str]:
    return [text.title, text.text] if isinstance(text, State) else [text]


def test_every_language_is_there() -> None:
    assert set(TEXTS) == set(LANGUAGES)


@pytest.mark.parametrize("language", TEXTS)
def test_every_text_has_its_places_and_no_others(language: str) -> None:
    for entry in dataclasses.fields(Texts):
        text = getattr(TEXTS[language], entry.name)
        found = set().union(*(places(sentence) for sentence in sentences(text)))
        assert found == PLACES.get(entry.name, set()), entry.name


@pytest.mark.parametrize("language", TEXTS)
def test_no_text_is_empty_or_out_of_shape(language: str) -> None:
    for entry in dataclasses.fields(Texts):
        for sentence in sentences(getattr(TEXTS[language], entry.name)):
            assert sentence == " ".join(sentence.split())
            assert len(sentence) > 2


def test_no_text_was_left_in_another_language() -> None:
    # The same by chance, or by the word that the languages share.
    shared = {"phone", "seller_phone", "amount", "bin", "tax_number", "email", "seller_email", "comment"}
    for entry in dataclasses.fields(Texts):
        if entry.name not in shared:
            said = [getattr(texts, entry.name) for texts in TEXTS.values()]
            assert len({str(text) for text in said}) >= len(said) - 1, entry.name


@pytest.mark.parametrize("language", TEXTS)
def test_a_short_name_begins_the_own_name(language: str) -> None:
    texts = TEXTS[language]
    assert texts.own_name.startswith(texts.short_name), "or a person who says what they see reaches nothing"
