"""The owner changes the merchant's key while payments are under way and the function is warm."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from engines.embedded_aws import MERCHANT_KEY
from integration.aws_failures import Failing, refused
from integration.deployment import Deployment
from integration.gateway_message import (
    CHECK,
    ORDER_ID,
    PAID,
    QUESTION,
    RESULT,
    UNPAID,
    USUAL,
    Reply,
    changed,
    signed,
)
from integration.lambda_function import LoadedFunction
from integration.stored_orders import stored_order
from paylink.adapters import secrets
from paylink.domain.clock import to_text
from paylink.domain.order import Status

NEW_KEY = "another-made-up-key-after-the-change"
ACCEPT_UNTIL = timedelta(hours=2)


class Warm:
    """A warm callback function all of whose clocks show the same time."""

    def __init__(
        self, function: LoadedFunction, monkeypatch: pytest.MonkeyPatch, deployment: Deployment
    ) -> None:
        self.function = function
        self.now = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
        self.fetches = Failing(monkeypatch, deployment.secrets, "get_secret_value")
        function.parts.answer._now = lambda: self.now
        monkeypatch.setattr(secrets, "time", SimpleNamespace(monotonic=self.seconds, time=self.seconds))

    def seconds(self) -> float:
        return self.now.timestamp()

    def later(self, **period: float) -> None:
        self.now += timedelta(**period)

    def ask(self, key: str) -> Reply:
        """A check, which is judged anew each time, signed with a key."""
        return Reply.of(self.function(USUAL.event(CHECK, signed(CHECK, QUESTION, key=key))))

    def tell(self, key: str, **says: str) -> Reply:
        """A result signed with a key."""
        return Reply.of(self.function(USUAL.event(RESULT, signed(RESULT, changed(PAID, **says), key=key))))

    def takes(self, key: str, answers_with: str) -> bool:
        reply = self.ask(key)
        assert reply.status in {200, 403}
        assert reply.unsigned or reply.signed_with(CHECK, answers_with)
        return reply.status == 200


@pytest.fixture
def warm(
    load_function: Callable[..., LoadedFunction], monkeypatch: pytest.MonkeyPatch, deployment: Deployment
) -> Warm:
    deployment.put_order(stored_order())
    started = Warm(load_function("gateway_callback"), monkeypatch, deployment)
    assert started.takes(MERCHANT_KEY, MERCHANT_KEY)
    assert len(started.fetches.calls) == 1
    return started


def change_key(deployment: Deployment, warm: Warm, *, keep_old: bool = True) -> None:
    former = {"secret_key": MERCHANT_KEY, "accept_until": to_text(warm.now + ACCEPT_UNTIL)}
    deployment.set_merchant(
        deployment.merchant_document(secret_key=NEW_KEY, previous=[former] if keep_old else [])
    )


def test_new_key_is_taken_at_once_and_signs_from_then_on(warm: Warm, deployment: Deployment) -> None:
    assert not warm.takes(NEW_KEY, MERCHANT_KEY)
    warm.later(seconds=61)
    change_key(deployment, warm)
    assert warm.takes(NEW_KEY, NEW_KEY)
    assert warm.takes(MERCHANT_KEY, NEW_KEY)
    assert len(warm.fetches.calls) == 3


def test_new_key_is_taken_even_where_the_first_message_is_the_one_that_pays(
    warm: Warm, deployment: Deployment
) -> None:
    change_key(deployment, warm)
    reply = warm.tell(NEW_KEY)
    assert (reply.word, reply.signed_with(RESULT, NEW_KEY)) == ("ok", True)
    assert deployment.order(ORDER_ID).status is Status.PAID


def test_former_key_is_taken_until_its_time_and_not_after(warm: Warm, deployment: Deployment) -> None:
    change_key(deployment, warm)
    assert warm.takes(NEW_KEY, NEW_KEY)
    warm.now += ACCEPT_UNTIL - timedelta(milliseconds=1)
    assert warm.takes(MERCHANT_KEY, NEW_KEY)
    warm.later(milliseconds=1)
    assert not warm.takes(MERCHANT_KEY, NEW_KEY)
    before = deployment.items()
    reply = warm.tell(MERCHANT_KEY)
    assert (reply.status, reply.unsigned) == (403, True)
    assert deployment.items() == before
    assert warm.takes(NEW_KEY, NEW_KEY)


def test_former_key_is_judged_by_the_clock_and_not_by_the_cache(warm: Warm, deployment: Deployment) -> None:
    """The time passes within the five minutes for which the secret is kept."""
    former = {"secret_key": MERCHANT_KEY, "accept_until": to_text(warm.now + timedelta(seconds=90))}
    deployment.set_merchant(deployment.merchant_document(secret_key=NEW_KEY, previous=[former]))
    assert warm.takes(NEW_KEY, NEW_KEY)
    warm.later(seconds=89)
    assert warm.takes(MERCHANT_KEY, NEW_KEY)
    warm.later(seconds=1)
    assert not warm.takes(MERCHANT_KEY, NEW_KEY)


def test_key_that_was_simply_replaced_ends_with_the_cache(warm: Warm, deployment: Deployment) -> None:
    change_key(deployment, warm, keep_old=False)
    warm.later(seconds=299)
    assert warm.takes(MERCHANT_KEY, MERCHANT_KEY)
    warm.later(seconds=2)
    assert not warm.takes(MERCHANT_KEY, NEW_KEY)
    assert warm.takes(NEW_KEY, NEW_KEY)


def test_several_former_keys_each_with_a_time_of_its_own(warm: Warm, deployment: Deployment) -> None:
    keys = [f"made-up-former-key-number-{number}" for number in range(4)]
    times = [to_text(warm.now + timedelta(minutes=minutes)) for minutes in (10, -1, 20)]
    former = [
        {"secret_key": key, "accept_until": text} for key, text in zip(keys, [*times, "soon"], strict=True)
    ]
    deployment.set_merchant(deployment.merchant_document(secret_key=NEW_KEY, previous=former))
    assert warm.takes(NEW_KEY, NEW_KEY)
    assert [warm.takes(key, NEW_KEY) for key in keys] == [True, False, True, False]
    warm.later(minutes=15)
    assert [warm.takes(key, NEW_KEY) for key in keys] == [False, False, True, False]


def test_times_with_an_offset_or_without_one(warm: Warm, deployment: Deployment) -> None:
    """A time without a zone is no time: nobody can tell when it is over."""
    east = "2026-03-01T16:00:00+05:00"  # an hour from now
    for text, taken in ((east, True), ("2026-03-01T14:59:59+05:00", False), ("2026-03-01T16:00:00", False)):
        former = {"secret_key": MERCHANT_KEY, "accept_until": text}
        deployment.set_merchant(deployment.merchant_document(secret_key=NEW_KEY, previous=[former]))
        warm.later(seconds=301)
        assert warm.takes(MERCHANT_KEY, NEW_KEY) is taken
        warm.later(seconds=-301)
        warm.function.parts.answer._merchant._provider.clear_cache()


def test_storm_of_forgeries_fetches_the_secret_once_a_minute(warm: Warm, deployment: Deployment) -> None:
    for minute in range(4):
        for number in range(40):
            assert warm.ask(f"a guess, number {number}").status == 403
            warm.later(seconds=1.4)
        warm.later(seconds=4)
        assert len(warm.fetches.calls) == 2 + minute
    # None of it keeps the shop's own messages out.
    assert warm.takes(MERCHANT_KEY, MERCHANT_KEY)


def test_unsigned_messages_fetch_nothing(
    load_function: Callable[..., LoadedFunction], monkeypatch: pytest.MonkeyPatch, deployment: Deployment
) -> None:
    cold = Warm(load_function("gateway_callback"), monkeypatch, deployment)
    for _ in range(20):
        assert Reply.of(cold.function(USUAL.event(RESULT, list(UNPAID.items())))).status == 403
    assert cold.fetches.calls == []


def test_key_changed_amid_a_storm_is_taken_within_the_minute(warm: Warm, deployment: Deployment) -> None:
    assert warm.ask("a guess").status == 403
    change_key(deployment, warm)
    warm.later(seconds=59)
    # Not yet looked for: the gateway is told to come again, and nothing is stored.
    before = deployment.items()
    assert warm.tell(NEW_KEY).status == 403
    assert deployment.items() == before
    warm.later(seconds=2)
    assert warm.tell(NEW_KEY).word == "ok"


def test_store_fails_just_when_the_key_was_changed(warm: Warm, deployment: Deployment) -> None:
    change_key(deployment, warm)
    before = deployment.items()
    warm.fetches.failure = refused("ThrottlingException")
    assert warm.tell(NEW_KEY).status == 503
    assert deployment.items() == before
    assert warm.takes(MERCHANT_KEY, MERCHANT_KEY)  # what is in hand still counts
    warm.fetches.mend()
    warm.later(minutes=30)
    assert warm.tell(NEW_KEY).word == "ok"


def test_slip_of_the_owner_postpones_everything_until_it_is_mended(
    warm: Warm, deployment: Deployment
) -> None:
    before = deployment.row(ORDER_ID)
    deployment.set_merchant(deployment.merchant_document(secret_key="changeme"))
    assert warm.tell("changeme").status == 503
    assert warm.tell(MERCHANT_KEY).status == 503
    assert deployment.row(ORDER_ID) == before
    change_key(deployment, warm)
    warm.later(seconds=301)
    assert warm.tell(NEW_KEY).word == "ok"


def test_wrong_key_and_its_correction_leave_the_old_one_in_force(warm: Warm, deployment: Deployment) -> None:
    """A typo and its fix, one after the other: no stage of the secret's versions holds the old key, the list does."""
    former = {"secret_key": MERCHANT_KEY, "accept_until": to_text(warm.now + ACCEPT_UNTIL)}
    typo = "anothre-made-up-key-after-the-change"
    for key in (typo, NEW_KEY):
        deployment.set_merchant(deployment.merchant_document(secret_key=key, previous=[former]))
        warm.later(seconds=61)
        assert warm.takes(key, key)
        assert warm.takes(MERCHANT_KEY, key)
    assert not warm.takes(typo, NEW_KEY)
