"""The merchant's key is changed while a process is warm: the operator's next request uses the new one at once."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import boto3
import pytest

from engines.embedded_aws import MERCHANT_ID
from engines.embedded_aws import MERCHANT_KEY as OLD
from integration.create.shop import Secrets, Shop
from integration.operations.office import Office, fresh_key
from integration.operations.sums import assert_equal_sums, gateway_refunds
from paylink.adapters.secrets import MerchantSecret
from paylink.domain.errors import GatewayMisconfigured
from paylink.domain.operation import OperationState
from paylink.domain.order import Status

NEW = "another-made-up-key-after-the-change"
OTHER = "a-key-that-the-owner-mistyped-entirely"
Rotate = Callable[[str, str], None]


@pytest.fixture
def own(office: Office) -> Iterator[tuple[Office, Rotate]]:
    """An office whose merchant secret is its own, and what sets the key there and at the gateway."""
    client = boto3.client("secretsmanager")

    def document(key: str) -> str:
        return json.dumps({"merchant_id": MERCHANT_ID, "secret_key": key})

    arn = client.create_secret(Name="the-office's", SecretString=document(OLD))["ARN"]
    merchant = MerchantSecret(client, arn)
    shop: Shop = replace(office.shop, secrets=Secrets(merchant, office.shop.secrets.stack))

    def rotate(ours: str, theirs: str) -> None:
        merchant.keys()
        client.put_secret_value(SecretId=arn, SecretString=document(ours))
        office.sandbox.settings.update({"secret_key": theirs, "former_keys": []})

    yield Office(shop), rotate
    office.sandbox.settings.update({"secret_key": OLD, "former_keys": []})
    client.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)


@pytest.mark.parametrize(
    ("kind", "order", "after"),
    [
        ("refund", "sold", Status.REFUNDED),
        ("capture", "held", Status.PAID),
        ("cancel", "held", Status.CANCELLED),
    ],
)
def test_an_operation(own: tuple[Office, Rotate], kind: str, order: str, after: Status) -> None:
    office, rotate = own
    sold = getattr(office, order)()
    rotate(NEW, NEW)
    assert office.run(kind, sold).operation.state is OperationState.DONE
    assert assert_equal_sums(office, sold.order_id).status is after


def test_a_sync(own: tuple[Office, Rotate]) -> None:
    office, rotate = own
    order = office.pending()
    office.sandbox.faults.add("result", "lost", times=None)
    office.sandbox.pay(str(order.payment_id))
    rotate(NEW, NEW)
    assert office.sync(order).status is Status.PAID


def test_an_operation_of_unknown_outcome(own: tuple[Office, Rotate]) -> None:
    office, rotate = own
    sold, key = office.sold(), fresh_key()
    office.sandbox.faults.add("refund", "drop_after")
    assert office.run("refund", sold, key).operation.state is OperationState.UNKNOWN
    rotate(NEW, NEW)
    assert office.run("refund", sold, key).operation.state is OperationState.DONE
    assert gateway_refunds(office, sold.order_id) == [150_000]


def test_a_key_that_changes_between_question_and_call(own: tuple[Office, Rotate]) -> None:
    office, rotate = own
    sold, key = office.sold(), fresh_key()
    rotate(NEW, OLD)
    office.sandbox.faults.add("refund", "refused", code="9998", description="bad signature")
    with pytest.raises(GatewayMisconfigured):
        office.run("refund", sold, key)
    office.sandbox.settings.update({"secret_key": NEW})
    assert office.run("refund", sold, key).operation.state is OperationState.DONE
    # Nothing had to be asked twice: the refused call itself made the new key looked for.
    assert [one.operation for one in office.sandbox.requests[-2:]] == ["status", "refund"]
    assert gateway_refunds(office, sold.order_id) == [150_000]


def test_a_wrong_key_is_looked_for_once(own: tuple[Office, Rotate]) -> None:
    office, rotate = own
    sold = office.sold()
    rotate(OTHER, NEW)
    asked = len(office.sandbox.requests)
    for _ in range(3):
        with pytest.raises(GatewayMisconfigured):
            office.sync(sold)
    assert len(office.sandbox.requests) - asked == 4
    assert office.order(sold.order_id) == sold
