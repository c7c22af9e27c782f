"""Moments as buyers read them: in the time of the shop's country, which is told beside them."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Final

_HOURS: Final[Mapping[str, int]] = {"kz": 5, "uz": 5, "kg": 6, "test": 5}
"""Hours ahead of UTC in each region. None of these countries has a summer time."""

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def moment_text(moment: datetime, region: str, language: str) -> str:
    """A moment as `31.12.2026, 18:00 (UTC+5)`, in English `31 December 2026, 18:00 (UTC+5)`."""
    hours = _HOURS[region]
    local = moment.astimezone(timezone(timedelta(hours=hours)))
    english = f"{local.day} {_MONTHS[local.month - 1]} {local.year}"
    day = english if language == "en" else f"{local:%d.%m}.{local.year}"
    return f"{day}, {local:%H:%M} (UTC+{hours})"
