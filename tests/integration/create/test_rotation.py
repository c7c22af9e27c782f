"""The key is changed with the gateway at the other end: requests, callbacks and its repeats, by one clock."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from engines.embedded_aws import MERCHANT_ID, STACK_KEY
from engines.embedded_aws import MERCHANT_KEY as OLD
from freedompay_sandbox import Sandbox
from freedompay_sandbox.callbacks import CallbackRecord
from freedompay_sandbox.faults import Fault
from integration.create.shop import Secrets, Shop
from paylink.adapters import secrets
from paylink.adapters.secrets import MerchantSecret, StackSecret
from paylink.app.create_payment import CreatePayment
from paylink.domain.errors import GatewayMisconfigured
from paylink.domain.order import Status
from paylink.freedompay.signature import verify
from paylink_cli.merchant_document import OVERLAP, with_key
from paylink_cli.reaching.merchant_secret import MerchantStore

NEW = "another-made-up-key-after-the-change"
TYPO = "anothre-made-up-key-after-the-change"
CREATE = "init_payment.php"
REPEATED = 1801
"""Seconds after which the gateway repeats a callback that was refused."""
CACHED = 301
COFFEE = {"link": "coffee"}


@dataclass
class Rotation:
    """A shop, its gateway and its owner, who runs what `paylink secret` runs; all at the sandbox's time."""

    shop: Shop
    sandbox: Sandbox
    store: MerchantStore
    process: CreatePayment

    def rotate(self, key: str) -> datetime:
        self.store.change(lambda document, now: with_key(document, MERCHANT_ID, key, now))
        return self.shop.now()

    def switch(self, *keys: str) -> None:
        """The gateway signs with the first key, and takes requests that are signed with any."""
        self.sandbox.settings.update({"secret_key": keys[0], "former_keys": list(keys[1:])})

    def create(self, key: str) -> str:
        """A payment of the page's key, made by the one warm process."""
        created = self.shop.ask(COFFEE, key, process=self.process)
        assert created.order.status is Status.PENDING
        return self.shop.payments(key)[-1].payment_id

    def pay(self, payment_id: str) -> None:
        self.sandbox.pay(payment_id)

    def pay_told_after(self, payment_id: str, order_id: str, seconds: float) -> None:
        """The buyer pays now, and the shop is told so much later."""
        self.sandbox.faults.put(Fault("result", "delayed", times=1, order_id=order_id, seconds=seconds))
        self.pay(payment_id)

    def later(self, seconds: float) -> None:
        self.sandbox.clock.advance(seconds)

    def told(self, payment_id: str) -> list[int | None]:
        return [record.reply.http_status for record in self.records(payment_id)]

    def records(self, payment_id: str) -> list[CallbackRecord]:
        return [record for record in self.sandbox.callbacks if record.payment_id == payment_id]

    def status(self, key: str) -> Status:
        return self.shop.order(key).status

    def signed_with(self) -> str:
        """The key of the latest request that made a payment."""
        record = [one for one in self.sandbox.requests if one.operation == "create"][-1]
        (key,) = [key for key in (OLD, TYPO, NEW) if verify(CREATE, record.fields, [key])]
        return key


class _System:
    """What the command line knows of the deployment."""

    region = "eu-central-1"

    def __init__(self, arn: str) -> None:
        self.outputs = {"MerchantSecretArn": arn}

    def output(self, name: str) -> str:
        return self.outputs[name]

    def client(self, service: str) -> Any:
        return boto3.client(service)


@pytest.fixture
def rotation(
    make_shop: Callable[..., Shop], sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Rotation]:
    client = boto3.client("secretsmanager")
    document = json.dumps({"merchant_id": MERCHANT_ID, "secret_key": OLD})
    merchant = client.create_secret(Name="rotating-merchant", SecretString=document)["ARN"]
    stack = client.create_secret(Name="rotating-stack", SecretString=json.dumps({"key": STACK_KEY}))["ARN"]
    own = Secrets(MerchantSecret(client, merchant), StackSecret(client, stack))
    shop = replace(make_shop(), secrets=own)

    def seconds() -> float:
        return sandbox.clock.now().timestamp()

    clock = SimpleNamespace(monotonic=seconds, time=seconds)
    monkeypatch.setattr(secrets, "time", clock)
    yield Rotation(shop, sandbox, MerchantStore(_System(merchant), now=shop.now), shop.process())
    sandbox.settings.update({"secret_key": OLD, "former_keys": []})
    for arn in (merchant, stack):
        client.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)


def test_payments_in_flight_are_paid_and_new_requests_use_the_new_key(rotation: Rotation) -> None:
    first, second = rotation.create("a" * 16), rotation.create("b" * 16)
    rotation.rotate(NEW)
    rotation.pay(first)
    rotation.switch(NEW, OLD)
    rotation.pay(second)
    assert (rotation.told(first), rotation.told(second)) == ([200], [200])
    assert all(record.reply.signature_valid for record in rotation.records(second))
    assert [rotation.status(key * 16) for key in "ab"] == [Status.PAID, Status.PAID]
    # The callback that was signed anew made the function look: from then on it signs with the new key.
    third = rotation.create("c" * 16)
    assert rotation.signed_with() == NEW
    rotation.pay(third)
    assert rotation.status("c" * 16) is Status.PAID


def test_requests_use_the_new_key_once_the_copy_of_five_minutes_has_ended(rotation: Rotation) -> None:
    rotation.create("a" * 16)
    rotation.rotate(NEW)
    rotation.switch(NEW, OLD)
    rotation.create("b" * 16)
    assert rotation.signed_with() == OLD
    rotation.later(CACHED)
    rotation.create("c" * 16)
    assert rotation.signed_with() == NEW


def test_a_gateway_that_takes_the_new_key_alone_makes_it_looked_for(rotation: Rotation) -> None:
    rotation.create("a" * 16)
    rotation.rotate(NEW)
    rotation.switch(NEW)
    with pytest.raises(GatewayMisconfigured):
        rotation.create("b" * 16)
    # The page's key goes on with the same order, and there is one payment.
    rotation.create("b" * 16)
    assert rotation.signed_with() == NEW
    assert len(rotation.shop.payments("b" * 16)) == 1


@pytest.mark.parametrize("early", [True, False], ids=["before its time", "at its time"])
def test_a_callback_of_the_former_key_counts_until_its_time(rotation: Rotation, early: bool) -> None:
    page = "a" * 16
    payment = rotation.create(page)
    until = rotation.rotate(NEW) + OVERLAP
    # A minute either way: the sandbox's clock ticks on while the test runs.
    left = (until - rotation.shop.now() + timedelta(minutes=-1 if early else 1)).total_seconds()
    rotation.pay_told_after(payment, rotation.shop.order_id(page), left)
    rotation.later(left + 1)
    assert rotation.told(payment) == [200 if early else 403]
    assert rotation.status(page) is (Status.PAID if early else Status.PENDING)
    if not early:
        # Refused is not lost: the gateway repeats it, signed with what it has by now.
        rotation.switch(NEW)
        rotation.later(REPEATED)
        assert rotation.told(payment)[-1] == 200
        assert rotation.status(page) is Status.PAID


def test_a_typo_and_its_correction_lose_nothing(rotation: Rotation) -> None:
    before, after = rotation.create("a" * 16), rotation.create("b" * 16)
    rotation.rotate(TYPO)
    rotation.later(CACHED)
    # The gateway has not switched yet: the real old key still counts.
    rotation.pay(before)
    assert rotation.told(before) == [200]
    # It has now. Nobody knows its key, so that its word is refused, and comes again.
    rotation.switch(NEW)
    rotation.pay(after)
    assert rotation.told(after) == [403]
    with pytest.raises(GatewayMisconfigured):
        rotation.create("c" * 16)
    rotation.rotate(NEW)
    rotation.later(REPEATED)
    assert rotation.told(after) == [403, 200]
    assert [rotation.status(key * 16) for key in "ab"] == [Status.PAID, Status.PAID]
    # The order that could not be made is the same one, and is made now.
    third = rotation.create("c" * 16)
    assert rotation.signed_with() == NEW
    rotation.pay(third)
    assert rotation.status("c" * 16) is Status.PAID
    # All the while the old key was never lost.
    rotation.switch(OLD, NEW)
    rotation.pay(rotation.create("d" * 16))
    assert rotation.status("d" * 16) is Status.PAID
