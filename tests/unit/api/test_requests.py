"""docs/api/openapi.yaml against the code that reads requests: members, words, limits, and what is taken at all."""

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paylink.domain import (
    kinds,
    link,
    offer,
    offer_form,
    operation_request,
    order_query,
    payment_request,
    text,
)
from paylink.domain.errors import MOST_ENTRIES, InvalidRequest, PaylinkError
from paylink.domain.form import Form
from paylink.domain.invoice_form import parse_invoice
from paylink.domain.link_form import parse_link
from paylink.domain.money import DECIMALS, LARGEST_MAJOR
from paylink.domain.offer_form import parse_offers
from paylink.domain.operation import Kind, OperationState, Source
from paylink.domain.operation_request import parse_operation_request
from paylink.domain.order import Attention, PaymentState, Status
from paylink.domain.order_query import parse_order_query
from paylink.domain.payment_request import parse_idempotency_key, parse_payment_request
from unit.api.document import body_schema, document, examples, operations, resolved, schema, validator, words

NOW = datetime(2026, 12, 1, tzinfo=UTC)
Parse = Callable[[dict[str, Any]], object]


def operation(kind: Kind) -> Parse:
    return lambda data: parse_operation_request(kind, data)


def sync(data: dict[str, Any]) -> None:
    Form(data).finish()


READS: dict[str, Parse] = {
    "POST /payments": parse_payment_request,
    "PUT /links/{link_id}": lambda data: parse_link({"id": "tea", **data}),
    "POST /offers": lambda data: parse_offers(data, ["of_1"] * 500, NOW),
    "POST /invoices": parse_invoice,
    "POST /orders/{order_id}/refund": operation(Kind.REFUND),
    "POST /orders/{order_id}/capture": operation(Kind.CAPTURE),
    "POST /orders/{order_id}/cancel": operation(Kind.CANCEL),
    "POST /orders/{order_id}/resolve": operation(Kind.RESOLVE),
    "POST /orders/{order_id}/sync": sync,
}
"""What reads the JSON body of each route that takes one."""


def media(route: str) -> Mapping[str, Any]:
    return resolved(operations()[route].get("requestBody", {})).get("content", {})


def shown(route: str) -> list[Any]:
    """The document's own requests of a route."""
    return [copy.deepcopy(value) for value in examples(media(route)["application/json"])]


SHOWN = [(route, value) for route in READS for value in shown(route)]


def members(node: Any, path: str = "") -> Iterator[tuple[str, str, bool]]:
    """Path of the object, name and whether it may be null, for every named member of a request's schema."""
    node = resolved(node)
    for one in (*node.get("oneOf", ()), *node.get("anyOf", ())):
        yield from members(one, path)
    for name, entry in node.get("properties", {}).items():
        yield path, name, validator(entry).is_valid(None)
        yield from members(entry, f"{path}.{name}" if path else name)
    if "items" in node:
        yield from members(node["items"], f"{path}[]")


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where something stands within a request, the whole included."""
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, entry in pairs:
        yield from places(entry, (*path, name))


def put(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    if not path:
        return new
    changed = copy.deepcopy(value)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = new
    return changed


def is_taken(route: str, value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    try:
        READS[route](value)
    except PaylinkError:
        return False
    return True


# ── members ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_body_of_json_is_read_here() -> None:
    assert {route for route in operations() if "application/json" in media(route)} == set(READS)


@pytest.mark.parametrize("route", READS)
def test_its_members_are_those_that_are_read(route: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, set[str]] = {}
    genuine = Form.refuse_unknown

    def noted(form: Form) -> None:
        asked.setdefault(re.sub(r"\[\d+\]", "[]", form._path), set()).update(form._asked)
        genuine(form)

    monkeypatch.setattr(Form, "refuse_unknown", noted)
    for value in shown(route):
        READS[route](value)
    told: dict[str, set[str]] = {}
    for path, name, _ in members(body_schema(route)):
        told.setdefault(path, set()).add(name)
    # A link's own list of fields is read by hand, below.
    assert told.pop("fields[]", {"name", "required"}) == {"name", "required"}
    told = {path: names for path, names in told.items() if path != "" or names}
    assert told == {path: names for path, names in asked.items() if names}


@pytest.mark.parametrize(("route", "value"), SHOWN)
def test_the_examples_are_taken(route: str, value: Any) -> None:
    validator(body_schema(route)).validate(value)
    READS[route](value)


@pytest.mark.parametrize(("route", "value"), SHOWN)
def test_an_unknown_member_is_refused_by_both(route: str, value: Any) -> None:
    for path in places(value):
        inner = value
        for step in path:
            inner = inner[step]
        # Metadata and texts by language are the shop's own names.
        if isinstance(inner, dict) and path[-1:] not in {("metadata",), ("title",)}:
            changed = put(value, (*path, "surprise"), "1")
            assert not validator(body_schema(route)).is_valid(changed), path
            with pytest.raises(InvalidRequest):
                READS[route](changed)


@pytest.mark.parametrize(("route", "value"), SHOWN)
def test_null_counts_as_not_given_for_both(route: str, value: Any) -> None:
    for path in places(value):
        if path and isinstance(path[-1], str):
            changed = put(value, path, None)
            assert validator(body_schema(route)).is_valid(changed) or not is_taken(route, changed), path


def test_the_list_of_orders_is_asked_for_by_these() -> None:
    given = {"day": "2026-03-01", "status": "paid", "attention": "true", "limit": "20"}
    parse_order_query(given)
    named = {one["name"] for one in operations()["GET /orders"]["parameters"]}
    assert named == {*given, "cursor"}
    with pytest.raises(InvalidRequest, match="surprise"):
        parse_order_query({"surprise": "1"})


# ── words and limits ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "known"),
    {
        "Status": Status,
        "Attention": Attention,
        "PaymentState": PaymentState,
        "OperationKind": Kind,
        "OperationState": OperationState,
        "RefundSource": Source,
        "Language": text.LANGUAGES,
        "Currency": DECIMALS,
        "Capture": (link.AUTOMATIC, link.MANUAL),
        "BuyerFieldName": link.BUYER_FIELDS,
        "MaybePresentation": (*payment_request.PRESENTATIONS, None),
    }.items(),
)
def test_its_words_are_the_codes(name: str, known: Any) -> None:
    assert words(name) == [getattr(word, "value", word) for word in known]


def test_its_limits_are_the_codes() -> None:
    least, most = payment_request.LIFETIME
    lifetime, units = schema("MaybeLifetime"), schema("MaybeQuantity")
    assert (lifetime["minimum"], lifetime["maximum"]) == (least, most)
    assert (units["minimum"], units["maximum"]) == (1, link.MOST_UNITS)
    assert schema("LinkRequest")["properties"]["limit"]["maximum"] == link.MOST_UNITS
    assert schema("CartPayment")["properties"]["items"]["maxItems"] == payment_request.MOST_ITEMS
    assert schema("OfferPayment")["properties"]["offer"]["maxLength"] == offer.LONGEST_TOKEN
    assert schema("SignedOffer")["properties"]["token"]["maxLength"] == offer.LONGEST_TOKEN
    assert schema("OffersRequest")["properties"]["offers"]["maxItems"] == offer_form.MOST_OFFERS
    assert schema("MaybeMetadata")["maxProperties"] == link.MOST_METADATA
    assert schema("WebUrl")["maxLength"] == kinds.LONGEST_URL
    assert schema("ResolveRequest")["properties"]["note"]["maxLength"] == operation_request.LONGEST_NOTE
    assert schema("Amount")["maximum"] == LARGEST_MAJOR
    assert schema("Problem")["properties"]["errors"]["maxItems"] == MOST_ENTRIES
    assert f"up to {payment_request.LONGEST_FIELD} characters" in schema("MaybeFields")["description"]
    [limit] = [one["schema"] for one in operations()["GET /orders"]["parameters"] if one["name"] == "limit"]
    assert (limit["maximum"], limit["default"]) == (order_query.MOST_LISTED, order_query.USUAL_LIMIT)
    days = offer.LONGEST_VALIDITY.days
    inner = schema("OffersRequest")["properties"]["offers"]["items"]["properties"]
    assert inner["expires_at"]["description"] == f"At most {days} days ahead."


def test_the_ids_of_links_are_the_codes() -> None:
    assert schema("LinkId")["pattern"] == f"^{link.LINK_ID.pattern.replace('?:', '')}$"


@pytest.mark.parametrize(
    ("key", "fits"),
    [
        ("k" * 15, False),
        ("k" * 16, True),
        ("k" * 255, True),
        ("k" * 256, False),
        (f'"{"k" * 16}"', True),
        (f'"{"k" * 255}"', True),
        (f'"{"k" * 15}"', False),
        (f'"{"k" * 256}"', False),
        ("with a space inside", False),
        ("ключ-длиннее-шестнадцати", False),
    ],
)
def test_a_key_fits_for_both(key: str, *, fits: bool) -> None:
    assert validator(schema("IdempotencyKey")).is_valid(key) is fits
    try:
        parse_idempotency_key(key)
    except PaylinkError:
        assert not fits
    else:
        assert fits


# ── the document asks for no more than the code does ────────────────────────────────────────────────────────

NUMBERS = st.sampled_from(
    [-1, 0, 1, 299, 300, 10_000, 10_001, 604_800, 604_801, 99_999_999, 100_000_000, 1.0, 1.5]
)
LENGTHS = st.sampled_from([0, 1, 10, 15, 38, 50, 64, 200, 255, 256, 500, 501, 512, 2000, 2001, 8000])
TEXTS = st.one_of(
    st.text(max_size=12),
    LENGTHS.map("1".__mul__),
    LENGTHS.map("a".__mul__),
    st.sampled_from(
        [
            "0",
            "0.5",
            "00",
            "1.",
            "1500.00",
            "1.234",
            "99999999.99",
            "-1",
            "1e3",
            "qr",
            "ru",
            "KZT",
            "KRW",
            "manual",
        ]
    ),
    st.sampled_from(
        ["a;b", " ", "x y", "buyer@example.com", "+7 (777) 123-45-67", "of_1", "reference", "shop"]
    ),
    st.sampled_from(
        ["HTTPS://Shop.example/a?b=@c", "http://localhost:1/", "https://u@shop.example/", "ftp://a.b"]
    ),
    st.sampled_from(["2026-12-31", "2026-12-31T18:00:00+05:00", "20261231T180000Z", "2026-12-31T18:00"]),
)
SINGLE = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)
ANYTHING = st.one_of(
    SINGLE,
    st.lists(SINGLE, max_size=3),
    st.dictionaries(
        st.sampled_from(["ru", "en", "min", "max", "name", "required", "link", "a_b", "B"]),
        SINGLE,
        max_size=3,
    ),
)


@settings(max_examples=300)
@given(st.data())
def test_what_the_code_takes_the_document_takes(data: st.DataObject) -> None:
    route, value = data.draw(st.sampled_from(SHOWN))
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(list(places(value))))
        value = put(value, path, data.draw(ANYTHING))
    if is_taken(route, value):
        validator(body_schema(route)).validate(value)


def test_a_document_that_asks_for_more_is_found() -> None:
    stricter = copy.deepcopy(dict(schema("ResolveRequest")))
    stricter["properties"]["note"]["maxLength"] = 10
    value = {"note": "a" * 11}
    assert is_taken("POST /orders/{order_id}/resolve", value)
    assert not validator(stricter).is_valid(value)
    assert document()["components"]["schemas"]["ResolveRequest"]["properties"]["note"]["maxLength"] == 500
