"""The key is changed by `paylink secret`, and the warm function takes callbacks of either key until its time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest

from engines.embedded_aws import MERCHANT_ID, MERCHANT_KEY
from integration.aws_failures import refused
from integration.deployment import Deployment
from integration.gateway_message import ORDER_ID, RESULT
from integration.lambda_function import LoadedFunction
from integration.stored_orders import stored_order
from integration.test_rotation import Warm
from paylink.domain.order import Status
from paylink_cli.merchant_document import OVERLAP, with_key
from paylink_cli.reaching.merchant_secret import MerchantStore

TYPO = "anothre-made-up-key-after-the-change"
NEW_KEY = "another-made-up-key-after-the-change"
MOMENT = timedelta(milliseconds=1)


class Owner:
    """Runs what `paylink secret` runs, at the time that the function's clocks show."""

    region = "eu-central-1"

    def __init__(self, deployment: Deployment, warm: Warm) -> None:
        self.outputs = {"MerchantSecretArn": deployment.merchant_secret}
        # A client of the owner's own: the function's counts its fetches, and fails where a test wants it to.
        self._secrets = boto3.client("secretsmanager", region_name=self.region)
        self._warm = warm

    def output(self, name: str) -> str:
        return self.outputs[name]

    def client(self, service: str) -> Any:
        assert service == "secretsmanager"
        return self._secrets

    def rotate(self, key: str) -> None:
        store = MerchantStore(self, now=lambda: self._warm.now)
        store.change(lambda document, now: with_key(document, MERCHANT_ID, key, now))


@pytest.fixture
def warm(
    load_function: Callable[..., LoadedFunction], monkeypatch: pytest.MonkeyPatch, deployment: Deployment
) -> Warm:
    deployment.put_order(stored_order())
    started = Warm(load_function("gateway_callback"), monkeypatch, deployment)
    assert started.takes(MERCHANT_KEY, MERCHANT_KEY)
    return started


@pytest.fixture
def owner(deployment: Deployment, warm: Warm) -> Owner:
    return Owner(deployment, warm)


def test_either_key_is_taken_until_the_former_ones_time(owner: Owner, warm: Warm) -> None:
    changed_at = warm.now
    owner.rotate(NEW_KEY)
    assert warm.takes(MERCHANT_KEY, MERCHANT_KEY)  # what is in hand still counts
    assert warm.takes(NEW_KEY, NEW_KEY)
    assert warm.takes(MERCHANT_KEY, NEW_KEY)
    warm.now = changed_at + OVERLAP - MOMENT
    assert warm.takes(MERCHANT_KEY, NEW_KEY)
    warm.now = changed_at + OVERLAP
    assert not warm.takes(MERCHANT_KEY, NEW_KEY)
    assert warm.takes(NEW_KEY, NEW_KEY)


def test_a_payment_in_flight_is_paid_by_a_callback_of_either_key(
    owner: Owner, warm: Warm, deployment: Deployment
) -> None:
    owner.rotate(NEW_KEY)
    assert warm.takes(NEW_KEY, NEW_KEY)
    reply = warm.tell(MERCHANT_KEY)
    assert (reply.word, reply.signed_with(RESULT, NEW_KEY)) == ("ok", True)
    assert deployment.order(ORDER_ID).status is Status.PAID


def test_after_its_time_a_callback_of_the_former_key_changes_nothing(
    owner: Owner, warm: Warm, deployment: Deployment
) -> None:
    owner.rotate(NEW_KEY)
    warm.now += OVERLAP
    before = deployment.items()
    assert (warm.tell(MERCHANT_KEY).status, deployment.items()) == (403, before)
    assert warm.tell(NEW_KEY).word == "ok"


def test_a_typo_and_its_correction_lose_nothing(owner: Owner, warm: Warm, deployment: Deployment) -> None:
    """The gateway has switched to the new key; the owner has mistyped it, and mends that an hour later."""
    owner.rotate(TYPO)
    typed_at = warm.now
    before = deployment.items()
    # Refused, so that the gateway repeats it; the function has looked for a new key, and found the wrong one.
    assert (warm.tell(NEW_KEY).status, deployment.items()) == (403, before)
    warm.later(seconds=61)
    assert (warm.tell(NEW_KEY).status, deployment.items()) == (403, before)
    # What was signed before the switch is taken all the same.
    assert warm.takes(MERCHANT_KEY, TYPO)

    warm.later(hours=1)
    owner.rotate(NEW_KEY)
    mended_at = warm.now
    warm.later(seconds=1)
    assert warm.tell(NEW_KEY).word == "ok"
    assert deployment.order(ORDER_ID).status is Status.PAID
    assert warm.takes(MERCHANT_KEY, NEW_KEY)

    expect_until(warm, MERCHANT_KEY, typed_at + OVERLAP)
    expect_until(warm, TYPO, mended_at + OVERLAP)
    assert warm.takes(NEW_KEY, NEW_KEY)


def test_the_correction_is_found_within_the_minute_of_the_cache(
    owner: Owner, warm: Warm, deployment: Deployment
) -> None:
    owner.rotate(TYPO)
    assert warm.tell(NEW_KEY).status == 403
    owner.rotate(NEW_KEY)
    fetched = len(warm.fetches.calls)
    warm.later(seconds=59)
    assert warm.tell(NEW_KEY).status == 403
    assert len(warm.fetches.calls) == fetched
    warm.later(seconds=1)
    assert warm.tell(NEW_KEY).word == "ok"
    assert len(warm.fetches.calls) == fetched + 1


def test_secrets_manager_fails_amid_the_change(owner: Owner, warm: Warm, deployment: Deployment) -> None:
    owner.rotate(NEW_KEY)
    before = deployment.items()
    warm.fetches.failure = refused("InternalServiceError")
    assert (warm.tell(NEW_KEY).status, deployment.items()) == (503, before)
    warm.fetches.mend()
    warm.later(seconds=61)
    assert warm.tell(NEW_KEY).word == "ok"


def test_several_changes_within_a_day_keep_every_key_for_its_own_day(owner: Owner, warm: Warm) -> None:
    times: dict[str, datetime] = {}
    present = MERCHANT_KEY
    for number in range(4):
        following = f"made-up-key-of-hour-number-{number}"
        times[present] = warm.now + OVERLAP
        owner.rotate(following)
        warm.later(hours=3)
        assert warm.takes(following, following)
        present = following
    for key, until in times.items():
        expect_until(warm, key, until)
    assert warm.takes(present, present)


def expect_until(warm: Warm, key: str, until: datetime) -> None:
    """A key is taken a moment before its time, and not at it."""
    warm.now = until - MOMENT
    assert warm.ask(key).status == 200
    warm.now = until
    assert warm.ask(key).status == 403
