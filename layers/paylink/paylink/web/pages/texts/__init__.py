"""What the pages say: one module for each language, all of one shape, so that a missing text is a type error."""

from collections.abc import Mapping
from typing import Final

from paylink.web.pages.texts.en import EN
from paylink.web.pages.texts.kg import KG
from paylink.web.pages.texts.kz import KZ
from paylink.web.pages.texts.ru import RU
from paylink.web.pages.texts.shape import State, Texts
from paylink.web.pages.texts.uz import UZ

TEXTS: Final[Mapping[str, Texts]] = {"kz": KZ, "ru": RU, "kg": KG, "uz": UZ, "en": EN}
"""The texts by our names of the languages."""

__all__ = ["TEXTS", "State", "Texts"]
