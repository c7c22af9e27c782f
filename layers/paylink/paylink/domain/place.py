"""Places on something of which only so many are sold."""

from dataclasses import dataclass, replace
from typing import Final

LONGEST_HOLD: Final = 900
"""Seconds for which an order may hold a place without being paid, where the shop has no check call."""


@dataclass(frozen=True, slots=True)
class Place:
    """So many units of one limited thing that an order wants; `id` names the thing, `limit` counts its units."""

    id: str
    units: int
    limit: int


def in_mode(places: tuple[Place, ...], *, test: bool) -> tuple[Place, ...]:
    """The places as an order of that mode takes them: what is tried out in test mode sells nothing out."""
    return tuple(replace(place, id=f"test:{place.id}") for place in places) if test else places
