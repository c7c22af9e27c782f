"""Where something common is done a quick way, it comes to the same as the thorough way beside it."""

import hashlib
import ipaddress
import unicodedata
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

import pytest
from boto3.dynamodb.types import TypeSerializer
from hypothesis import given, settings
from hypothesis import strategies as st

from integration.stored_orders import stored_order
from paylink.adapters import order_row
from paylink.adapters.order_row import differences, to_row, value, write_payment
from paylink.adapters.orders import build_plain_settlement
from paylink.app.one_reading import _laid_out
from paylink.domain.clock import to_text
from paylink.domain.order import Attention, Order, Payment, PaymentState, Refusal, Status
from paylink.domain.place import Place
from paylink.domain.plain_settlement import PlainSettlement
from paylink.domain.text import is_printable
from paylink.freedompay.errors import AmbiguousMessage, UnreadableMessage
from paylink.freedompay.forms import nested, read_form, write_form
from paylink.freedompay.lint import check, lint
from paylink.freedompay.multipart import read_multipart
from paylink.freedompay.signature import covered, sign
from paylink.web.request import Request

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
TRICKY = st.text(st.sampled_from("aZ9 ;%+&=:/@~.-_\t\n\xa0\u2028я×\ufffe"), max_size=8)
NAMES = st.sampled_from(
    ["pg_amount", "pg_order_id", "m_note", "pg_unknown", "PG_x", "note-1", "pg_receipt_positions"]
)
PLAIN = st.recursive(
    st.one_of(TEXT, st.booleans(), st.integers(-(10**37), 10**37)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=8,
)
NOW = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)


@given(PLAIN)
def test_a_value_of_a_row_is_what_the_sdk_makes_of_it(plain: object) -> None:
    assert value(plain) == TypeSerializer().serialize(plain)


@pytest.mark.parametrize("plain", [None, b"raw", {"a"}, Status.PAID, 10**38 - 1])
def test_what_rows_seldom_hold_goes_to_the_sdk(plain: object) -> None:
    assert value(plain) == TypeSerializer().serialize(plain)


def test_a_number_longer_than_dynamodb_keeps_is_refused() -> None:
    with pytest.raises(Exception, match=r"Inexact|Rounded"):
        value(10**38 + 1)


CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(Status),
        "created_at": st.sampled_from([NOW, NOW + timedelta(days=1), NOW + timedelta(microseconds=1)]),
        "lease_until": st.sampled_from([None, NOW, NOW + timedelta(microseconds=300)]),
        "metadata": st.dictionaries(st.sampled_from("ab"), st.sampled_from("12"), max_size=2),
        "places": st.sampled_from([(), (Place("mug", 1, 5),)]),
        "attention": st.sampled_from([(), (Attention.OVERSOLD,)]),
        "captured_amount": st.sampled_from([0, 1]),
        "payments": st.dictionaries(
            st.sampled_from("12"), st.builds(Payment, st.sampled_from(PaymentState)), max_size=2
        ),
        "refusal": st.sampled_from([None, Refusal(None, "no"), Refusal(1, "no")]),
        "waiting": st.booleans(),
        "keep_until": st.sampled_from([None, NOW]),
        "test": st.booleans(),
        "reference": st.sampled_from([None, "INV-1"]),
    },
)


@given(CHANGES, CHANGES)
def test_differences_are_those_of_the_whole_rows(first: dict, second: dict) -> None:
    known = replace(stored_order(), **first)
    changed = replace(known, sequence=known.sequence + 1, **second)
    before, after = to_row(known), to_row(changed)
    sets, removes = differences(known, changed)
    assert sets == {name: entry for name, entry in after.items() if before.get(name) != entry}
    assert sorted(removes) == sorted(before.keys() - after.keys())


def test_every_field_of_an_order_is_in_its_row() -> None:
    """A field that the row does not hold would be lost without a word."""
    written = {attribute for _, attribute, _ in order_row._COLUMNS} | {"order_id"}
    assert written == {one.name for one in fields(Order)}


@given(st.lists(st.tuples(NAMES, st.one_of(TRICKY, TEXT, st.just("20.00"), st.just(5))), max_size=4))
@settings(max_examples=300)
def test_a_message_is_let_through_exactly_where_the_lint_finds_nothing(message: list) -> None:
    findings = lint(message)
    if not findings:
        check(message)
        return
    with pytest.raises(AmbiguousMessage) as raised:
        check(message)
    assert list(raised.value.findings) == findings


@given(st.lists(st.tuples(TRICKY, st.one_of(TRICKY, TEXT)), unique_by=lambda field: field[0], max_size=5))
@settings(max_examples=300)
def test_a_form_is_written_as_the_standard_library_writes_it(fields: list) -> None:
    assert write_form(fields) == urlencode(fields)


@given(st.lists(st.tuples(TRICKY.filter(bool), st.one_of(TRICKY, TEXT)), min_size=1, max_size=5))
@settings(max_examples=300)
def test_a_form_is_read_as_the_standard_library_reads_it(fields: list) -> None:
    text = urlencode(fields)
    assert read_form(text.encode()) == nested(parse_qsl(text, keep_blank_values=True))


@pytest.mark.parametrize("body", [b"a=\xd0%9f", b"a=\xd0\x9f", b"%D0%9F=1", b"\xd0\x9f=1"])
def test_bytes_that_are_half_escaped_are_read_as_what_they_make_together(body: bytes) -> None:
    assert {"П"} & {*read_form(body)[0]}


@pytest.mark.parametrize("body", [b"a=\xd0", b"a=%d0", b"\xd0=1", b"a=\xd0+%9f"])
def test_bytes_that_are_not_utf8_are_refused(body: bytes) -> None:
    with pytest.raises(UnreadableMessage):
        read_form(body)


@given(
    st.lists(st.tuples(st.from_regex(r"[A-Za-z0-9_\-]{1,8}", fullmatch=True), TEXT), min_size=1, max_size=4),
    st.booleans(),
)
def test_a_part_with_the_usual_head_is_read_as_one_with_more_headers(fields: list, told: bool) -> None:
    def body(more: str) -> bytes:
        parts = []
        for name, text in fields:
            content = text.encode()
            length = f"\r\nContent-Length: {len(content)}" if told else ""
            head = f'--0a1b2c\r\nContent-Disposition: form-data; name="{name}"{length}{more}\r\n\r\n'
            parts.append(head.encode() + content + b"\r\n")
        return b"".join(parts) + b"--0a1b2c--\r\n"

    kind = "multipart/form-data; boundary=0a1b2c"
    assert read_multipart(kind, body("")) == read_multipart(kind, body("\r\nX-More: 1")) == fields


@given(st.text(max_size=3))
@settings(max_examples=500)
def test_printable_is_told_by_categories(text: str) -> None:
    refused = {"Cc", "Cs", "Zl", "Zp"}
    expected = all(unicodedata.category(one) not in refused and one not in "\ufffe\uffff" for one in text)
    assert is_printable(text) is expected


@given(st.datetimes(timezones=st.timezones()))
def test_a_moment_is_written_as_its_parts_say(moment: datetime) -> None:
    try:
        utc = moment.astimezone(UTC)
    except OverflowError:
        return
    expected = f"{utc.year:04}-{utc:%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03}Z"
    assert to_text(moment) == expected


@given(st.integers(1, 10**10), st.sampled_from([None, "auto"]))
def test_the_plain_settlement_writes_the_payment_as_any_other_write_does(amount: int, capture: str) -> None:
    plain = PlainSettlement("pl_1", "7", amount, "KZT", test=True, capture=capture, digest="d", paid_at=NOW)
    written = build_plain_settlement(plain)["ExpressionAttributeValues"][":payment"]
    assert written == value(write_payment(Payment(PaymentState.PAID, amount, amount)))


NESTED = st.recursive(TRICKY, lambda inner: st.lists(st.tuples(NAMES, inner), max_size=2), max_leaves=4)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.one_of(TRICKY, NESTED)), max_size=5))
@settings(max_examples=300)
def test_the_values_are_laid_out_as_they_are_signed(message: list) -> None:
    told = covered(message)
    secret = "k" * 16
    text = ";".join(["s", *(value for _, value in told), secret])
    assert sign("s", message, secret) == hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    values, places = _laid_out(message)
    assert values == (";".join(text for _, text in told)).split(";")
    expected: dict[str, int] = {}
    place = 0
    for name, text in told:
        expected.setdefault(name, place)
        place += len(text.split(";"))
    assert places == expected


ADDRESSES = st.one_of(
    st.ip_addresses().map(str),
    st.lists(st.integers(0, 300), min_size=3, max_size=5).map(lambda parts: ".".join(map(str, parts))),
    st.from_regex(r"0?[0-9]{1,3}(\.0?[0-9]{1,3}){3}[ \n]?"),
    st.text("0123456789.٣ \n", max_size=15),
)


@given(ADDRESSES)
@settings(max_examples=300)
def test_a_buyers_address_is_told_as_the_standard_library_tells_it(address: str) -> None:
    try:
        expected = str(ipaddress.IPv4Address(address))
    except ValueError:
        expected = None
    assert Request.from_event({"requestContext": {"http": {"sourceIp": address}}}).buyer_ip == expected
