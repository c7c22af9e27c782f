"""Links, invoices and offers against the local system, as a person types the commands."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from integration.cli.terminal import at_terminal, piped
from integration.test_local import Local

ESCAPE = "\x1b"


def test_a_link_from_creation_to_the_end_of_its_sale(local: Local) -> None:
    words = ("--title", "Mug", "--price", "4500", "--currency", "KZT", "--field", "phone:required")
    created = piped("links", "create", "mug", *words, api=local.url)
    assert (created.code, created.err) == (0, "")
    assert created.out.splitlines()[-1] == f"{local.url}/pay/mug"
    again = piped("links", "create", "mug", *words, api=local.url)
    assert again.code == 1
    assert "paylink links edit mug" in again.err

    edited = piped("links", "edit", "mug", "--price", "4700", "--unset", "fields", "--json", api=local.url)
    link = json.loads(edited.out)
    assert (link["price"], link["title"], "fields" in link) == ("4700.00", "Mug", False)

    listed = piped("links", "list", api=local.url)
    assert [line for line in listed.out.splitlines() if line.split()[:3] == ["mug", "4", "700.00"]]
    assert max(map(len, listed.out.splitlines())) <= 80
    assert ESCAPE not in listed.out

    assert piped("links", "off", "mug", api=local.url).out == "Off sale: mug\n"
    assert local.create({"link": "mug"}).status_code == 410
    assert piped("links", "edit", "mug", "--active", api=local.url).code == 0
    assert local.create({"link": "mug"}).status_code == 201


def test_a_link_that_is_shown_as_json_is_a_file_for_another(local: Local, tmp_path: Path) -> None:
    shown = piped("links", "show", "tshirt", "--json", api=local.url)
    link = json.loads(shown.out)
    del link["id"]
    file = tmp_path / "link.json"
    file.write_text(json.dumps(link), encoding="utf-8")
    copied = piped("links", "create", "tshirt-2", "--file", str(file), "--json", api=local.url)
    assert copied.code == 0, copied.err
    expected = {**json.loads(shown.out), "id": "tshirt-2", "url": f"{local.url}/pay/tshirt-2"}
    assert json.loads(copied.out) == expected


def test_the_same_from_the_input(local: Local) -> None:
    link = {"id": "from-input", "title": "T", "price": "10", "currency": "KZT"}
    done = piped("links", "create", "--file", "-", api=local.url, stdin=json.dumps(link))
    assert done.code == 0, done.err


def test_every_wrong_field_is_in_the_one_line(local: Local) -> None:
    done = piped("links", "create", "bad", "--price", "x", "--currency", "KZT", api=local.url)
    assert done.code == 1
    assert done.err.count("\n") == 1
    assert "title: is required" in done.err
    assert "price: " in done.err
    asked = piped("links", "create", "bad", "--price", "x", "--currency", "KZT", "--json", api=local.url)
    assert json.loads(asked.out)["code"] == "invalid_request"


@pytest.mark.parametrize(("ending", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_a_code_is_written(local: Local, tmp_path: Path, ending: str, begins: bytes) -> None:
    done = piped("links", "qr", "coffee", "--out", f"coffee.{ending}", api=local.url, folder=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert (tmp_path / f"coffee.{ending}").read_bytes().startswith(begins)


def test_a_code_at_a_terminal_is_black_on_white(local: Local) -> None:
    done = at_terminal("links", "qr", "coffee", api=local.url)
    assert done.code == 0
    assert f"{ESCAPE}[30;107m" in done.out
    assert "▄" in done.out
    assert f"{local.url}/pay/coffee" in done.out


def test_a_code_in_a_pipe_has_no_colours(local: Local) -> None:
    done = piped("links", "qr", "coffee", api=local.url)
    assert "▄" in done.out
    assert ESCAPE not in done.out


def test_an_offer_that_is_signed_can_be_bought(local: Local, tmp_path: Path) -> None:
    words = ("--title", "Mug", "--price", "4500", "--currency", "KZT", "--expires", "30d")
    signed = piped("offer", "sign", *words, api=local.url)
    assert (signed.code, signed.err) == (0, "")
    bought = local.create({"offer": signed.out.strip()})
    assert bought.status_code == 201
    assert bought.json()["amount"] == "4500.00"

    expires = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    offers = [
        {"title": f"Mug {n}", "price": 100 + n, "currency": "KZT", "expires_at": expires} for n in range(3)
    ]
    (tmp_path / "offers.json").write_text(json.dumps(offers), encoding="utf-8")
    many = piped("offer", "sign", "--file", "offers.json", api=local.url, folder=tmp_path)
    amounts = [local.create({"offer": token}).json()["amount"] for token in many.out.split()]
    assert amounts == ["100.00", "101.00", "102.00"]


def test_an_offer_for_too_long_is_refused(local: Local) -> None:
    words = ("--title", "Mug", "--price", "4500", "--currency", "KZT", "--expires", "300d")
    done = piped("offer", "sign", *words, api=local.url)
    assert done.code == 1
    assert "90 days" in done.err


def test_an_invoice_is_paid_once_at_its_own_page(local: Local) -> None:
    words = ("--title", "Table 7", "--amount", "12500", "--currency", "KZT", "--expires", "7d")
    made = piped("invoice", "create", *words, api=local.url)
    assert made.code == 0, made.err
    page = made.out.strip()
    assert requests.get(page, timeout=20).status_code == 200
    again = re.search(r"repeat with (.*)\)", made.err)
    assert again is not None
    repeated = piped("invoice", "create", *words[:-2], *again[1].split(), api=local.url)
    assert repeated.out.strip() == page
    first, second = (local.create({"link": page.rpartition("/")[2]}) for _ in range(2))
    assert first.json()["amount"] == "12500.00"
    assert second.status_code == 409
