"""Invoices, offers, and events that are sent again."""

import json
import re
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from paylink_cli.offer import LARGEST_BODY, batches
from unit.cli.fake_api import FakeApi, problem

INVOICE = {"id": "inv-1", "title": "Table 7", "url": "https://pay.example.com/pay/inv-1"}
OFFER = {"title": "Mug", "price": "4500", "currency": "KZT", "expires_at": "2026-12-31T13:00:00.000Z"}


def test_an_invoice_prints_its_address_alone(api: FakeApi) -> None:
    api.answers("POST /invoices", INVOICE, 201)
    result = api.run(
        *("invoice", "create", "--title", "Table 7", "--amount", "12500.50", "--currency", "KZT"),
        *("--email", "buyer@example.com", "--description", "Dinner"),
    )
    assert (result.exit_code, result.stdout) == (0, "https://pay.example.com/pay/inv-1\n")
    (asked,) = api.asked
    assert asked.body == {
        "title": "Table 7",
        "amount": "12500.50",
        "currency": "KZT",
        "description": "Dinner",
        "customer": {"email": "buyer@example.com"},
    }
    assert re.fullmatch("[0-9a-f]{32}", asked.headers["idempotency-key"])


def test_an_invoice_that_is_repeated_by_its_key_has_the_same_end(api: FakeApi) -> None:
    api.answers("POST /invoices", INVOICE, 201)
    words = ("invoice", "create", "--title", "T", "--amount", "1", "--currency", "KZT")
    first = api.run(*words, "--expires", "7d")
    again = re.search(r"repeat with (.*)\)", first.stderr)
    assert again is not None
    assert api.run(*words, *again[1].split()).exit_code == 0
    one, two = api.asked
    assert (one.raw, one.headers["idempotency-key"]) == (two.raw, two.headers["idempotency-key"])
    expires = datetime.fromisoformat(one.body["expires_at"])
    assert abs(expires - datetime.now(UTC) - timedelta(days=7)) < timedelta(minutes=5)


def test_an_invoice_with_its_code(api: FakeApi) -> None:
    api.answers("POST /invoices", INVOICE, 201)
    result = api.run("invoice", "create", "--title", "T", "--amount", "1", "--currency", "KZT", "--qr")
    assert "█" in result.stdout
    assert result.stdout.splitlines()[-1] == INVOICE["url"]


def test_an_invoice_as_json(api: FakeApi) -> None:
    api.answers("POST /invoices", INVOICE, 201)
    result = api.run("invoice", "create", "--title", "T", "--amount", "1", "--currency", "KZT", "--json")
    assert json.loads(result.stdout) == INVOICE


def test_one_offer_is_one_token(api: FakeApi) -> None:
    api.answers("POST /offers", {"offers": [{"id": "o1", "token": "v1.aa.bb"}]})
    words = shlex.split(
        "--title Mug --price 4500 --currency KZT --expires 2026-12-31T18:00:00+05:00 --metadata shelf=3"
    )
    result = api.run("offer", "sign", *words, "--limit", "2")
    assert (result.exit_code, result.stdout) == (0, "v1.aa.bb\n")
    assert api.asked[0].body == {"offers": [{**OFFER, "limit": 2, "metadata": {"shelf": "3"}}]}


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_file_of_offers_is_a_token_a_line_in_its_order(
    api: FakeApi, tmp_path: Path, *, wrapped: bool
) -> None:
    file = tmp_path / "offers.json"
    offers = [{**OFFER, "title": f"Mug {number}"} for number in range(501)]
    file.write_text(json.dumps({"offers": offers} if wrapped else offers), encoding="utf-8")
    for start, end in ((0, 500), (500, 501)):
        signed = [{"id": str(number), "token": f"v1.{number}"} for number in range(start, end)]
        api.answers("POST /offers", {"offers": signed})
    result = api.run("offer", "sign", "--file", str(file))
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [f"v1.{number}" for number in range(501)]
    assert [entry for asked in api.asked for entry in asked.body["offers"]] == offers


def test_no_request_is_larger_than_the_api_takes() -> None:
    offers = [{**OFFER, "title": "Ұ" * 100, "number": number} for number in range(900)]
    found = list(batches(offers))
    assert [entry for batch in found for entry in batch] == offers
    sizes = [len(json.dumps({"offers": batch}, ensure_ascii=False).encode()) for batch in found]
    assert max(sizes) < LARGEST_BODY + 100
    assert len(found) < 10


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--title", "Mug"), "--price, --currency, --expires"),
        (("--file", "offers.json", "--title", "Mug"), "exclude each other"),
        (("--file", "nowhere.json"), "cannot be read"),
    ],
)
def test_half_an_offer_is_wrong_use(api: FakeApi, words: tuple[str, ...], said: str) -> None:
    result = api.run("offer", "sign", *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert api.asked == []


@pytest.mark.parametrize("text", ["{}", "[]", "[1]", '{"offers": 5}'])
def test_a_file_without_offers_is_wrong_use(api: FakeApi, tmp_path: Path, text: str) -> None:
    file = tmp_path / "offers.json"
    file.write_text(text, encoding="utf-8")
    assert api.run("offer", "sign", "--file", str(file)).exit_code == 2


def test_the_wrong_fields_of_an_offer_are_named_in_one_line(api: FakeApi, tmp_path: Path) -> None:
    file = tmp_path / "offers.json"
    file.write_text(json.dumps([OFFER]), encoding="utf-8")
    entries = [
        {"field": "offers[0].price", "detail": "is wrong"},
        {"field": "offers[0].x", "detail": "is unknown"},
    ]
    api.answers("POST /offers", problem(400, "invalid_request", "x", errors=entries), 400)
    result = api.run("offer", "sign", "--file", str(file))
    assert result.exit_code == 1
    assert result.stderr == "Error: offers[0].price: is wrong; offers[0].x: is unknown\n"


def test_events_are_sent_again_until_none_is_left(api: FakeApi) -> None:
    api.answers("POST /events/republish", {"sent": 40, "left": 2}).answers(
        "POST /events/republish", {"sent": 2, "left": 0}
    )
    result = api.run("events", "republish")
    assert (result.exit_code, result.stdout) == (0, "Sent again: 42; left: 0\n")


def test_events_that_do_not_pass_are_told_and_not_tried_for_ever(api: FakeApi) -> None:
    api.answers("POST /events/republish", {"sent": 1, "left": 3}).answers(
        "POST /events/republish", {"sent": 0, "left": 3}
    )
    result = api.run("events", "republish", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"sent": 1, "left": 3}
    assert result.stderr.startswith("Error: 3 events could not be sent")
