"""Offers: signed by the operator, many at once, and bought by token."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engines.embedded_aws import STACK_KEY
from paylink.domain.clock import to_text
from paylink.domain.offer import LONGEST_TOKEN, Offer, write_token
from paylink.domain.stack_key import StackKey

from .desk import Desk, Till

DAY = timedelta(days=1)
KEY = StackKey(STACK_KEY)


def in_days(days: float) -> str:
    return to_text(datetime.now(UTC) + timedelta(days=days))


def cap(**more: object) -> dict[str, Any]:
    return {"title": "Cap", "price": "1500", "currency": "KZT", "expires_at": in_days(1), **more}


def payload(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def signed_at(issued_at: datetime, **more: Any) -> str:
    """A token that this stack's key signed at another time."""
    offer = {"id": "of_then", "title": "Cap", "price": 150_000, "currency": "KZT", "issued_at": issued_at}
    return write_token(Offer(**{**offer, "expires_at": issued_at + DAY, **more}), KEY)


def test_many_are_signed_at_once_each_with_an_id_of_its_own(desk: Desk) -> None:
    asked = [cap(title=f"Cap {number}", price=str(100 + number)) for number in range(60)]
    for _ in range(2):
        answer = desk.sign(asked)
        assert answer.status == 200
        signed = answer.content["offers"]
        assert [payload(one["token"])["t"] for one in signed] == [one["title"] for one in asked]
        assert [payload(one["token"])["p"] for one in signed] == [10_000 + 100 * n for n in range(60)]
        assert [payload(one["token"])["i"] for one in signed] == [one["id"] for one in signed]
        assert len({one["id"] for one in signed}) == len(asked)
    again = desk.sign(asked).content["offers"]
    assert not {one["id"] for one in signed} & {one["id"] for one in again}, "nor do two calls share one"


def test_a_token_says_who_signed_it_when_until_when_and_what(desk: Desk) -> None:
    before = int(datetime.now(UTC).timestamp())
    until = datetime.now(UTC).replace(microsecond=0) + 3 * DAY
    token = desk.token(**cap(expires_at=to_text(until), limit=5, metadata={"colour": "синий"}))
    content = payload(token)
    issued = content.pop("a")
    assert before <= issued <= datetime.now(UTC).timestamp()
    assert content.pop("i").startswith("of_")
    assert content == {
        "k": KEY.offer_key_id,
        "t": "Cap",
        "p": 150_000,
        "c": "KZT",
        "e": int(until.timestamp()),
        "l": 5,
        "m": {"colour": "синий"},
    }
    assert STACK_KEY not in token
    assert KEY.offer_key_id not in STACK_KEY


def test_everything_wrong_is_named_and_nothing_is_signed(desk: Desk) -> None:
    answer = desk.sign(
        [
            cap(),
            cap(title=""),
            "cap",
            cap(price=1500.0, currency="XXX", limit=0),
            {},
            cap(colour="red", metadata={"Big": "x"}, expires_at="tomorrow"),
        ]
    )
    assert sorted(answer.wrong_fields) == [
        "offers[1].title",
        "offers[2]",
        "offers[3].currency",
        "offers[3].limit",
        "offers[3].price",
        "offers[4].currency",
        "offers[4].expires_at",
        "offers[4].price",
        "offers[4].title",
        "offers[5].colour",
        "offers[5].expires_at",
        "offers[5].metadata",
    ]
    assert "offers" not in answer.content


@pytest.mark.parametrize(
    "expires_at", [None, "", 0, "2099-01-01", "2099-01-01T00:00:00", "2099-01-01T00:00:00Z"]
)
def test_an_offer_needs_an_end_that_is_a_moment(desk: Desk, expires_at: object) -> None:
    assert desk.sign([cap(expires_at=expires_at)]).wrong_fields == ["offers[0].expires_at"]


@pytest.mark.parametrize("days", [90.01, 0, -0.01, -400])
def test_an_offer_ends_later_than_now_and_at_most_90_days_ahead(desk: Desk, days: float) -> None:
    assert desk.sign([cap(expires_at=in_days(days))]).wrong_fields == ["offers[0].expires_at"]


def test_an_offer_may_last_90_days(desk: Desk) -> None:
    assert desk.sign([cap(expires_at=in_days(89.999))]).status == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("price", "0"),
        ("price", "-1"),
        ("price", "1.005"),
        ("price", True),
        ("price", "100000000"),
        ("currency", "kzt"),
        ("limit", True),
        ("limit", 10_001),
        ("limit", "5"),
        ("title", " "),
        ("title", "x" * 201),
        ("title", {"en": "Cap"}),
        ("metadata", {"reference": "x"}),
        ("metadata", {"note": "a;b"}),
        ("metadata", {"note": " a"}),
        ("id", "of_mine"),
        ("issued_at", "2026-01-01T00:00:00Z"),
    ],
)
def test_a_wrong_field_is_named(desk: Desk, field: str, value: object) -> None:
    assert desk.sign([cap(), cap(**{field: value})]).wrong_fields == [f"offers[1].{field}"]


@pytest.mark.parametrize("offers", [None, [], {}, "cap", [cap()] * 501])
def test_a_call_signs_1_to_500_offers(desk: Desk, offers: object) -> None:
    assert desk.sign(offers).wrong_fields == ["offers"]


def test_nothing_but_offers_is_asked_for(desk: Desk) -> None:
    answer = desk.send("POST /offers", "/offers", {"offers": [cap()], "key": "x"})
    assert answer.wrong_fields == ["key"]
    assert desk.send("POST /offers", "/offers", b"[]").problem == (400, "invalid_body")


def test_a_token_that_no_page_could_send_is_not_signed(desk: Desk, till: Till) -> None:
    names = [f"name_{letter}" for letter in "abcdefghijklmnopqrst"]
    answer = desk.sign([cap(), cap(metadata=dict.fromkeys(names, "ы" * 255))])
    assert answer.wrong_fields == ["offers[1].metadata"]
    long = desk.token(**cap(metadata=dict.fromkeys(names, "x" * 255)))
    assert 6000 < len(long) <= LONGEST_TOKEN
    assert till.ask({"offer": long}).status == 201


def test_a_token_buys_what_was_signed(desk: Desk, till: Till) -> None:
    token = desk.token(**cap(title="Cap; blue", price="1999.5", metadata={"colour": "blue"}))
    answer = till.ask({"offer": token, "metadata": {"source": "page"}, "reference": "INV-7"})
    assert (answer.status, answer.content["amount"], answer.content["currency"]) == (201, "1999.50", "KZT")
    sent = dict(till.payment(answer).fields)
    assert (sent["pg_amount"], sent["pg_currency"], sent["pg_description"]) == ("1999.50", "KZT", "Cap, blue")
    own = {name: text for name, text in sent.items() if name.startswith("m_")}
    assert own == {"m_colour": "blue", "m_source": "page", "m_reference": "INV-7"}


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"quantity": 2}, ["quantity"]),
        ({"quantity": 1}, ["quantity"]),
        ({"price": "1"}, ["price"]),
        ({"currency": "KZT"}, ["currency"]),
        ({"amount": "1"}, ["amount"]),
        ({"discount": "10%"}, ["discount"]),
        ({"title": "Hat"}, ["title"]),
        ({"link": "coffee"}, ["offer"]),
        ({"items": [{"link": "coffee"}]}, ["offer"]),
        ({"fields": {"phone": "+77771234567"}}, ["fields"]),
        ({"metadata": {"colour": "red"}}, ["metadata.colour"]),
    ],
)
def test_a_page_adds_nothing_to_an_offer(
    desk: Desk, till: Till, more: dict[str, object], fields: list[str]
) -> None:
    token = desk.token(**cap(metadata={"colour": "blue"}))
    assert till.ask({"offer": token, **more}).wrong_fields == fields
    assert till.sandbox.payments() == []


def test_an_altered_token_is_refused(desk: Desk, till: Till) -> None:
    token = desk.token(**cap())
    version, body, signature = token.split(".")
    cheaper = {**payload(token), "p": 100}
    forged = base64.urlsafe_b64encode(json.dumps(cheaper).encode()).rstrip(b"=").decode()
    for altered in (
        f"{version}.{forged}.{signature}",
        f"{version}.{body}.{signature[:-2]}AA",
        f"v2.{body}.{signature}",
        f"{version}.{body}",
        token[:-1],
        f"{token}.",
        "cap",
    ):
        assert till.ask({"offer": altered}).problem == (400, "offer_altered")
    assert till.sandbox.payments() == []


def test_a_token_of_another_stack_is_refused(till: Till) -> None:
    now = datetime.now(UTC)
    foreign = StackKey("the-stack-key-of-other-people-0123456789abcdefghij")
    token = write_token(Offer("of_1", "Cap", 150_000, "KZT", now, now + DAY), foreign)
    assert payload(token)["k"] == foreign.offer_key_id != KEY.offer_key_id
    assert till.ask({"offer": token}).problem == (400, "offer_altered")


def test_an_expired_token_is_refused(till: Till) -> None:
    assert till.ask({"offer": signed_at(datetime.now(UTC) - 1.001 * DAY)}).problem == (410, "offer_expired")
    assert till.ask({"offer": signed_at(datetime.now(UTC) - 0.999 * DAY)}).status == 201


def test_a_revoked_token_is_refused(desk: Desk, make_till: Any) -> None:
    token = desk.token(**cap())
    assert make_till(OffersNotBefore=in_days(-1)).ask({"offer": token}).status == 201
    revoking = make_till(OffersNotBefore=in_days(0.01))
    assert revoking.ask({"offer": token}).problem == (410, "offer_revoked")
    old = signed_at(datetime.now(UTC) - 0.5 * DAY)
    assert make_till(OffersNotBefore=in_days(-0.4)).ask({"offer": old}).problem == (410, "offer_revoked")
    expired = signed_at(datetime.now(UTC) - 2 * DAY)
    assert revoking.ask({"offer": expired}).problem == (410, "offer_expired")


def test_a_payment_that_was_begun_outlives_its_offers_revocation(desk: Desk, make_till: Any) -> None:
    body = {"offer": desk.token(**cap())}
    begun = make_till().ask(body, "the-key-of-this-buyer")
    again = make_till(OffersNotBefore=in_days(0.01)).ask(body, "the-key-of-this-buyer")
    assert (again.status, again.headers["idempotent-replayed"]) == (200, "true")
    assert again.content == begun.content


def test_a_used_up_token_is_refused(desk: Desk, till: Till) -> None:
    body = {"offer": desk.token(**cap(limit=2))}
    other = {"offer": desk.token(**cap(limit=2))}
    bought = [till.ask(body, f"the-key-of-buyer-{number}") for number in (1, 2, 1)]
    assert [answer.status for answer in bought] == [201, 201, 200]
    assert till.ask(body).problem == (409, "sold_out")
    assert till.ask(other).status == 201, "each offer counts for itself"
    assert till.deployment.row("places", f"test:offer:{payload(body['offer'])['i']}")["taken"] == 2


def test_an_offer_without_a_limit_is_bought_again_and_again(desk: Desk, till: Till) -> None:
    body = {"offer": desk.token(**cap())}
    assert [till.ask(body).status for _ in range(3)] == [201] * 3
