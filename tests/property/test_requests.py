"""Requests of every kind: hostile ones are told what is wrong, and the same meaning is the same however written."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from paylink.domain.errors import AlteredOffer, Entry, InvalidIdempotencyKey, InvalidRequest
from paylink.domain.link_form import parse_link, write_link
from paylink.domain.money import DECIMALS
from paylink.domain.offer import Offer, read_token, write_token
from paylink.domain.payment_request import parse_idempotency_key, parse_payment_request
from paylink.domain.stack_key import StackKey
from paylink.web.json_body import read_json_object

KEY = StackKey("the-stack-key-of-these-tests-0123456789")
NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)

# ── anything that JSON can hold, with the fields' own names among the names ─────────────────────────────────

FIELDS = [
    "link",
    "items",
    "quantity",
    "amount",
    "offer",
    "customer",
    "email",
    "phone",
    "id",
    "fields",
    "language",
    "reference",
    "metadata",
    "success_url",
    "presentation",
    "lifetime",
    "title",
    "currency",
    "price",
    "min",
    "max",
    "opens_at",
    "receipt",
    "tax_type",
]
WORDS = [
    "coffee",
    "KZT",
    "1500.00",
    "qr",
    "ru",
    "https://shop.example/",
    "2026-03-01T09:00:00Z",
    "9999-12-31T23:59:59-05:00",
]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.sampled_from(WORDS),
    st.text(st.characters(exclude_categories=[]), max_size=8),
)
NAMES = st.one_of(st.sampled_from(FIELDS), st.text(max_size=4))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=12,
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=8)


def outcome(read: Callable[[Any], Any], data: object) -> tuple[Any, Sequence[Entry]]:
    """What was read, or what was said to be wrong; whatever else is raised goes on."""
    try:
        return read(data), ()
    except InvalidRequest as refused:
        return None, refused.entries


@settings(max_examples=200)
@given(OBJECTS)
def test_any_object_is_taken_or_told_what_is_wrong(data: dict[str, Any]) -> None:
    request, entries = outcome(parse_payment_request, data)
    if request is None:
        assert entries
        assert all(entry.detail for entry in entries)
        return
    assert (request.offer is None) is bool(request.items)
    assert len(KEY.fingerprint(request.content())) == 32


@given(OBJECTS)
def test_any_object_is_a_link_that_can_be_written_or_told_what_is_wrong(data: dict[str, Any]) -> None:
    link, entries = outcome(
        parse_link, {"id": "coffee", "title": "Coffee", "currency": "KZT", "price": "1500", **data}
    )
    if link is None:
        assert entries
        return
    assert (link.price is None) is not (link.amount is None)
    written = write_link(link)
    assert write_link(parse_link(json.loads(json.dumps(written)))) == written


@settings(max_examples=200)
@given(st.one_of(st.binary(max_size=60), VALUES.map(json.dumps).map(str.encode)))
def test_any_bytes_are_an_object_or_told_what_is_wrong(body: bytes) -> None:
    content, entries = outcome(read_json_object, body)
    if content is None:
        assert [entry.field for entry in entries] == ["body"]
        return
    assert isinstance(content, dict)
    assert all(isinstance(name, str) for name in content)


@given(st.text(st.characters(max_codepoint=0x17F), max_size=260))
def test_an_idempotency_key_is_visible_ascii_of_its_length(header: str) -> None:
    quoted = len(header) >= 2 and header.startswith('"') and header.endswith('"')
    key = header[1:-1] if quoted else header
    fits = 16 <= len(key) <= 255 and key.isascii() and key.isprintable() and " " not in key
    if fits:
        assert parse_idempotency_key(header) == key
    else:
        with pytest.raises(InvalidIdempotencyKey):
            parse_idempotency_key(header)


@given(st.text("abcXYZ019-_~!;,", min_size=16, max_size=255))
def test_a_key_is_the_same_with_and_without_its_quotes(key: str) -> None:
    assert parse_idempotency_key(key) == parse_idempotency_key(f'"{key}"') == key


# ── one meaning, several spellings ──────────────────────────────────────────────────────────────────────────

LINKS = st.sampled_from(["coffee", "tea", "donation", "summer-sale"])
UNITS = st.integers(1, 9)
CENTS = st.integers(1, 99_999)
WISHES = st.one_of(st.tuples(st.just("quantity"), UNITS), st.tuples(st.just("amount"), CENTS))
MEANINGS = st.fixed_dictionaries(
    {"items": st.dictionaries(LINKS, WISHES, min_size=1, max_size=3)},
    optional={
        "phone": st.text("0123456789", min_size=10, max_size=15),
        "comment": st.lists(st.sampled_from(["a", "b", "ж"]), min_size=1, max_size=4),
        "metadata": st.dictionaries(st.sampled_from(["a", "b", "c_d"]), st.just("x"), max_size=3),
        "language": st.sampled_from(["ru", "kz"]),
        "lifetime": st.integers(300, 604_800),
    },
)


class Speller:
    """Writes one meaning as a page might, by choices that hypothesis makes."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def body(self, meaning: dict[str, Any]) -> dict[str, Any]:
        items = self._shuffled([self._item(*wish) for wish in meaning["items"].items()])
        is_cart = len(items) > 1 or self._draw(st.booleans())
        body = {"items": items} if is_cart else dict(items[0])
        for name in ("language", "lifetime", "metadata"):
            if name in meaning:
                body[name] = meaning[name]
        if "phone" in meaning:
            body["customer"] = {"phone": self._phone(meaning["phone"])}
        if "comment" in meaning:
            gap = self._draw(st.sampled_from([" ", "\n", "\t ", "  "]))
            body["fields"] = {"comment": gap.join(meaning["comment"]) + gap}
        for name in ("offer", "reference", "success_url"):
            if self._draw(st.booleans()):
                body[name] = None
        return json.loads(json.dumps(dict(self._shuffled(list(body.items())))))

    def _item(self, link: str, wish: tuple[str, int]) -> dict[str, Any]:
        name, number = wish
        if name == "quantity":
            return (
                {"link": link} if number == 1 and self._draw(st.booleans()) else {name: number, "link": link}
            )
        whole, cents = divmod(number, 100)
        spellings: list[Any] = [f"{whole}.{cents:02d}"]
        if cents % 10 == 0:
            spellings.append(f"{whole}.{cents // 10}")
        if cents == 0:
            spellings += [whole, str(whole)]
        return {"link": link, name: self._draw(st.sampled_from(spellings))}

    def _phone(self, digits: str) -> str:
        plus, gap = self._draw(st.sampled_from(["", "+"])), self._draw(st.sampled_from(["", " ", "-", ") "]))
        return plus + digits[:4] + gap + digits[4:]

    def _shuffled(self, entries: list[Any]) -> list[Any]:
        return self._draw(st.permutations(entries))


@st.composite
def two_spellings(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    meaning = draw(MEANINGS)
    speller = Speller(draw)
    return speller.body(meaning), speller.body(meaning)


@given(two_spellings())
def test_one_meaning_has_one_fingerprint(spellings: tuple[dict[str, Any], dict[str, Any]]) -> None:
    one, other = (parse_payment_request(body).content() for body in spellings)
    assert one == other
    assert KEY.fingerprint(one) == KEY.fingerprint(other)


@st.composite
def two_meanings(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    one, other = draw(MEANINGS), draw(MEANINGS)
    # No metadata and an empty set of it mean the same.
    assume({k: v for k, v in one.items() if v} != {k: v for k, v in other.items() if v})
    speller = Speller(draw)
    return speller.body(one), speller.body(other)


@given(two_meanings())
def test_two_meanings_have_two_fingerprints(spellings: tuple[dict[str, Any], dict[str, Any]]) -> None:
    one, other = (parse_payment_request(body).content() for body in spellings)
    assert KEY.fingerprint(one) != KEY.fingerprint(other)


# ── signed offers ───────────────────────────────────────────────────────────────────────────────────────────

OFFERS = st.builds(
    Offer,
    id=st.text(max_size=20),
    title=st.text(max_size=40),
    price=st.integers(1, 9_999_999_999),
    currency=st.sampled_from(sorted(DECIMALS)),
    issued_at=st.just(NOW),
    expires_at=st.integers(1, 90 * 86_400).map(lambda seconds: NOW + timedelta(seconds=seconds)),
    limit=st.none() | st.integers(1, 1000),
    metadata=st.dictionaries(st.text("abc_", min_size=1, max_size=5), st.text(max_size=10), max_size=3),
)


@given(OFFERS)
def test_any_offer_is_read_as_it_was_signed(offer: Offer) -> None:
    assert read_token(write_token(offer, KEY), KEY, NOW) == offer


@given(OFFERS, st.data())
def test_any_change_of_a_token_is_refused(offer: Offer, data: st.DataObject) -> None:
    token = write_token(offer, KEY)
    place = data.draw(st.integers(0, len(token) - 1))
    length = data.draw(st.integers(0, 3))
    changed = token[:place] + data.draw(st.text(max_size=3)) + token[place + length :]
    assume(changed != token)
    with pytest.raises(AlteredOffer):
        read_token(changed, KEY, NOW)


@given(st.text(max_size=60))
def test_no_text_is_a_token_by_chance(text: str) -> None:
    for token in (text, f"v1.{text}", f"v1.{text}.{text}"):
        with pytest.raises(AlteredOffer):
            read_token(token, KEY, NOW)
