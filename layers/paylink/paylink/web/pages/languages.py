"""Which language a page is in. Ours are the gateway's names; browsers and HTML use those of BCP 47."""

from collections.abc import Mapping
from typing import Final

from paylink.domain.text import DEFAULT_LANGUAGE, LANGUAGES, Text

TAGS: Final[Mapping[str, str]] = {"kz": "kk", "ru": "ru", "kg": "ky", "uz": "uz", "en": "en"}
"""The BCP 47 tag of each of our languages, in the order in which a page offers them."""

LOCALES: Final[Mapping[str, str]] = {
    "kz": "kk_KZ",
    "ru": "ru_RU",
    "kg": "ky_KG",
    "uz": "uz_UZ",
    "en": "en_US",
}
"""What Open Graph calls them."""

_BY_TAG: Final = {tag: language for language, tag in TAGS.items()}
_LONGEST_HEADER: Final = 500


def choose_language(
    asked: str | None, link_language: str | None, accept_language: str | None, usual: str
) -> str:
    """The language of a page: what the buyer chose on it, the link's own, the browser's, the stack's."""
    chosen = _known((asked or "")[:10])
    return chosen or link_language or _preferred(accept_language or "") or usual


def language_of(text: Text, language: str) -> str | None:
    """The language in which `in_language` gives a text where it is another one; None where it fits or is unsaid."""
    if isinstance(text, str) or text.get(language):
        return None
    return DEFAULT_LANGUAGE if text.get(DEFAULT_LANGUAGE) else next(iter(text), None)


def _known(tag: str) -> str | None:
    primary = tag.strip().lower().replace("_", "-").partition("-")[0]
    return primary if primary in LANGUAGES else _BY_TAG.get(primary)


def _preferred(header: str) -> str | None:
    """The first of our languages by the weights of an Accept-Language header (RFC 9110, section 12.5.4)."""
    best, best_weight = None, 0.0
    for entry in header[:_LONGEST_HEADER].split(","):
        tag, _, parameter = entry.partition(";")
        language, weight = _known(tag), _weight(parameter)
        if language is not None and weight > best_weight:
            best, best_weight = language, weight
    return best


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0
