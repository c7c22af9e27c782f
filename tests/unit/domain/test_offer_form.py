"""Offers read from what an owner asks to be signed."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from paylink.domain.errors import InvalidRequest
from paylink.domain.offer import Offer
from paylink.domain.offer_form import parse_offers
from unit.domain.examples import NOW

END = NOW + timedelta(days=30)
PLAIN = {"title": "Tasting", "price": "990", "currency": "KZT", "expires_at": "2026-03-31T09:00:00Z"}


def parsed(*entries: dict[str, Any], now: datetime = NOW) -> list[Offer]:
    return parse_offers({"offers": list(entries)}, [f"of_{number}" for number in range(len(entries))], now)


def wrong_fields(entry: dict[str, Any], *, now: datetime = NOW) -> list[str]:
    with pytest.raises(InvalidRequest) as refused:
        parsed(entry, now=now)
    return [one.field.removeprefix("offers[0].") for one in refused.value.entries]


def test_offers_in_their_order() -> None:
    more = {"price": 1500, "limit": 12, "metadata": {"colour": "синий"}}
    assert parsed(PLAIN, {**PLAIN, **more}) == [
        Offer("of_0", "Tasting", 99_000, "KZT", NOW, END),
        Offer("of_1", "Tasting", 150_000, "KZT", NOW, END, 12, {"colour": "синий"}),
    ]


@pytest.mark.parametrize("name", ["title", "price", "currency", "expires_at"])
def test_what_is_required(name: str) -> None:
    assert wrong_fields({**PLAIN, name: None}) == [name]


def test_up_to_500_at_once() -> None:
    assert len(parsed(*[PLAIN] * 500)) == 500
    with pytest.raises(InvalidRequest) as refused:
        parsed(*[PLAIN] * 501)
    assert [one.field for one in refused.value.entries] == ["offers"]


def test_the_longest_title() -> None:
    assert parsed({**PLAIN, "title": "я" * 200})[0].title == "я" * 200
    assert wrong_fields({**PLAIN, "title": "я" * 201}) == ["title"]


def test_its_end_has_up_to_40_characters() -> None:
    longest = "2026-03-31T14:00:00.00000000000000+05:00"
    assert len(longest) == 40
    assert parsed({**PLAIN, "expires_at": longest})[0].expires_at == END
    assert wrong_fields({**PLAIN, "expires_at": longest.replace("+", "0+")}) == ["expires_at"]


@pytest.mark.parametrize("ahead", [timedelta(seconds=1), timedelta(days=90)])
def test_an_offer_ends_later_than_now_and_within_90_days(ahead: timedelta) -> None:
    [offer] = parsed({**PLAIN, "expires_at": (NOW + ahead).isoformat()})
    assert offer.expires_at == NOW + ahead


@pytest.mark.parametrize("ahead", [timedelta(seconds=-1), timedelta(0), timedelta(days=90, seconds=1)])
def test_no_other_end_is_taken(ahead: timedelta) -> None:
    assert wrong_fields({**PLAIN, "expires_at": (NOW + ahead).isoformat()}) == ["expires_at"]


def test_its_end_is_a_whole_second() -> None:
    assert parsed({**PLAIN, "expires_at": "2026-03-31T09:00:00.999999Z"})[0].expires_at == END
