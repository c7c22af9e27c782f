"""Signing offers: the use case, from the owner's JSON to tokens that this stack reads back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paylink.app.sign_offers import SignOffers
from paylink.domain.clock import to_text
from paylink.domain.errors import AlteredOffer, InvalidRequest, NotConfigured, OfferRevoked
from paylink.domain.money import DECIMALS, format_major
from paylink.domain.offer import LONGEST_TOKEN, read_token
from paylink.domain.offer_form import MOST_OFFERS
from paylink.domain.stack_key import StackKey

NOW = datetime(2026, 3, 1, 9, 0, 0, 750_000, tzinfo=UTC)
UNTIL = to_text(NOW + timedelta(days=30))
KEY = StackKey("the-stack-key-of-these-tests-0123456789")


class OneKey:
    """A stack's secret that holds a key."""

    def key(self) -> StackKey:
        return KEY


class NoKey:
    """A stack's secret that holds none."""

    def key(self) -> StackKey:
        raise NotConfigured("no key")


SIGN = SignOffers(OneKey(), now=lambda: NOW)


def cap(**more: object) -> dict[str, object]:
    return {"title": "Cap", "price": "1500", "currency": "KZT", "expires_at": UNTIL, **more}


def test_as_many_as_a_call_takes_come_back_in_their_order() -> None:
    signed = SIGN({"offers": [cap(title=f"Cap {number}") for number in range(MOST_OFFERS)]})
    read = [read_token(token, KEY, NOW) for _, token in signed]
    assert [offer.title for offer in read] == [f"Cap {number}" for number in range(MOST_OFFERS)]
    assert [offer.id for offer in read] == [offer_id for offer_id, _ in signed]
    assert len({offer_id for offer_id, _ in signed}) == MOST_OFFERS


@pytest.mark.parametrize("count", [0, MOST_OFFERS + 1])
def test_no_more_and_no_fewer(count: int) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        SIGN({"offers": [cap()] * count})
    assert [entry.field for entry in refusal.value.entries] == ["offers"]


def test_one_wrong_offer_keeps_the_others_from_being_signed() -> None:
    with pytest.raises(InvalidRequest) as refusal:
        SIGN({"offers": [cap(), cap(), cap(price="free"), cap(limit=0)]})
    assert [entry.field for entry in refusal.value.entries] == ["offers[2].price", "offers[3].limit"]


def test_without_a_key_nothing_is_signed() -> None:
    with pytest.raises(NotConfigured):
        SignOffers(NoKey(), now=lambda: NOW)({"offers": [cap()]})


def test_the_times_are_whole_seconds_and_the_end_is_kept() -> None:
    ((_, token),) = SIGN({"offers": [cap(expires_at="2026-05-30T14:00:00+05:00")]})
    offer = read_token(token, KEY, NOW)
    assert offer.issued_at == NOW.replace(microsecond=0)
    assert offer.expires_at == datetime(2026, 5, 30, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(("seconds", "revoked"), [(-1, False), (0, False), (1, True), (86_400, True)])
def test_what_was_issued_earlier_than_the_owners_moment_is_revoked(seconds: int, revoked: bool) -> None:
    ((_, token),) = SIGN({"offers": [cap()]})
    not_before = NOW.replace(microsecond=0) + timedelta(seconds=seconds)
    if not revoked:
        assert read_token(token, KEY, NOW, not_before=not_before).price == 150_000
        return
    with pytest.raises(OfferRevoked):
        read_token(token, KEY, NOW, not_before=not_before)


def test_no_token_is_signed_that_is_too_long_to_be_sent() -> None:
    names = [f"name_{letter}" for letter in "abcdefghijklmnopqrst"]
    ((_, longest),) = SIGN({"offers": [cap(metadata=dict.fromkeys(names, "x" * 255))]})
    assert len(longest) <= LONGEST_TOKEN
    with pytest.raises(InvalidRequest) as refusal:
        SIGN({"offers": [cap(), cap(metadata=dict.fromkeys(names, "ы" * 255))]})
    assert [entry.field for entry in refusal.value.entries] == ["offers[1].metadata"]


printable = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufffe\uffff")
words = st.from_regex(r"[a-z]{1,9}", fullmatch=True)
names = st.from_regex(r"n[a-z_]{0,9}", fullmatch=True)
texts = st.text(printable, min_size=1, max_size=200).filter(str.strip)


offers = st.fixed_dictionaries(
    {"title": texts, "currency": st.sampled_from(sorted(DECIMALS)), "price": st.integers(1, 9_999_999)},
    optional={"limit": st.integers(1, 5000), "metadata": st.dictionaries(names, words, max_size=5)},
)


@settings(max_examples=40, deadline=None)
@given(st.lists(offers, min_size=1, max_size=3), st.integers(1, 89))
def test_what_is_asked_for_is_what_is_read_back(asked: list[dict[str, Any]], days: int) -> None:
    until = NOW + timedelta(days=days)
    prices = [format_major(offer["price"], offer["currency"]) for offer in asked]
    sent = [
        {**offer, "price": price, "expires_at": to_text(until)}
        for offer, price in zip(asked, prices, strict=True)
    ]
    for offer, (offer_id, token) in zip(asked, SIGN({"offers": sent}), strict=True):
        read = read_token(token, KEY, NOW)
        assert (read.id, read.title, read.price) == (offer_id, offer["title"], offer["price"])
        assert (read.currency, read.expires_at) == (offer["currency"], until.replace(microsecond=0))
        assert (read.limit, read.metadata) == (offer.get("limit"), offer.get("metadata", {}))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=50, deadline=None)
@given(anything)
def test_whatever_is_sent_is_signed_or_refused_by_name(value: object) -> None:
    for asked in ({"offers": value}, {"offers": [value]}, {"offers": [cap(price=value)]}, {"x": value}):
        try:
            signed = SIGN(asked)
        except InvalidRequest as refusal:
            named = [entry.field for entry in refusal.entries]
        else:
            named = [read_token(token, KEY, NOW).id for _, token in signed]
        assert named


@settings(max_examples=50, deadline=None)
@given(st.text() | st.text("v1.eyJrabcABC_-0123456789=", max_size=60))
def test_no_text_but_a_token_is_an_offer(text: str) -> None:
    with pytest.raises(AlteredOffer):
        read_token(text, KEY, NOW)
