"""A link whose row was written by hand and holds none: what its buyers meet, and what its owner hears."""

import json
from typing import Any

import pytest

from engines.places import ROOT
from integration.metrics_printed import counted, logged
from paylink.adapters.order_row import marshal
from unit.api.document import codes

from .conftest import Shop

SECRET_OF_THE_ROW = "7777"


def spoil(shop: Shop) -> None:
    row = marshal(
        {"pk": "links", "sk": "coffee", "link": f'{{"id": "coffee", "price": {SECRET_OF_THE_ROW}.5}}'}
    )
    shop.deployment.dynamodb.put_item(TableName=shop.deployment.table, Item=row)


def heard(printed: str) -> None:
    assert set(counted(printed)) == {"LinkUnreadable"}
    assert {line["link_id"] for line in logged(printed)} == {"coffee"}
    assert SECRET_OF_THE_ROW not in printed


@pytest.mark.parametrize("path", ["/pay/coffee", "/pay/coffee?lang=kz"])
def test_its_page_says_that_nothing_can_be_paid(
    shop: Shop, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(shop)
    answer = shop.get(path)
    assert (answer["statusCode"], answer["headers"]["retry-after"]) == (503, "300")
    assert answer["headers"]["content-type"].startswith("text/html")
    assert answer["headers"]["cache-control"] == "no-store"
    assert SECRET_OF_THE_ROW not in answer["body"]
    heard(capsys.readouterr().out)


def test_its_button_makes_no_payment(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(shop)
    answer: dict[str, Any] = shop.post()
    assert answer["statusCode"] == 503
    assert answer["headers"]["content-type"].startswith("text/html")
    assert shop.sandbox.requests == []
    heard(capsys.readouterr().out)


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_no_code_is_drawn_of_it(shop: Shop, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(shop)
    answer = shop.get(f"/pay/coffee/qr.{kind}")
    problem = json.loads(answer["body"])
    assert (answer["statusCode"], problem["code"]) == (503, "link_unusable")
    assert problem["code"] in codes(f"GET /pay/{{link}}/qr.{kind}")[503]
    assert SECRET_OF_THE_ROW not in answer["body"]
    heard(capsys.readouterr().out)


def test_the_runbook_tells_what_to_look_for() -> None:
    assert "`link_unreadable` with its `link_id`" in (ROOT / "docs/operations.md").read_text()
