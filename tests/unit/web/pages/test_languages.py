"""Which language a page is in."""

import pytest

from paylink.domain.text import LANGUAGES
from paylink.web.pages.languages import LOCALES, TAGS, choose_language, language_of


def test_every_language_has_its_names() -> None:
    assert set(TAGS) == set(LOCALES) == set(LANGUAGES)
    assert TAGS["kz"] == "kk"
    assert TAGS["kg"] == "ky"


@pytest.mark.parametrize(
    ("asked", "own", "browser", "chosen"),
    [
        ("uz", "kz", "ru", "uz"),
        (None, "kz", "ru", "kz"),
        (None, None, "ru", "ru"),
        (None, None, None, "en"),
        ("", None, "", "en"),
        ("xx", None, "kk-KZ", "kz"),
        ("kk", None, None, "kz"),
        ("ky", None, None, "kg"),
        ("KZ", None, None, "kz"),
        ("<script>", "ru", None, "ru"),
        ("k" * 5000, None, None, "en"),
    ],
)
def test_the_buyers_choice_comes_before_the_links_the_browsers_and_the_stacks(
    asked: str | None, own: str | None, browser: str | None, chosen: str
) -> None:
    assert choose_language(asked, own, browser, "en") == chosen


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("kk-KZ,kk;q=0.9,ru;q=0.8", "kz"),
        ("ky", "kg"),
        ("de,fr;q=0.9,uz;q=0.1", "uz"),
        ("ru;q=0.2, en-GB;q=0.7", "en"),
        ("ru;q=0,en;q=0.1", "en"),
        ("ru;q=0", "uz"),
        ("*", "uz"),
        ("de-DE", "uz"),
        ("ru;q=abc", "uz"),
        ("ru;q=2", "uz"),
        ("ru;q=nan,en;q=0.5", "en"),
        (";;,,;q=1", "uz"),
        ("uz-Cyrl-UZ", "uz"),
        ("de," * 1000 + "ru", "uz"),
    ],
)
def test_the_browsers_languages(header: str, chosen: str) -> None:
    assert choose_language(None, None, header, "uz") == chosen


def test_a_text_of_another_language_says_which() -> None:
    assert language_of("Кофе", "en") is None
    assert language_of({"ru": "Кофе", "en": "Coffee"}, "en") is None
    assert language_of({"ru": "Кофе"}, "en") == "ru"
    assert language_of({"kz": "Кофе", "uz": "Qahva"}, "en") == "kz"
