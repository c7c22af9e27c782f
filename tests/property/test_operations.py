"""Operations, callbacks, faults, the gateway's cabinet and time, in any order: the sums end equal.

The real use cases on DynamoDB Local, with the sandbox behind the real client. While all goes wrong, no payment
gives back more than was taken and no key moves money twice; once the gateway answers again and syncs have been
made, as reconcile makes them, the table says of every payment and refund what the gateway says.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import boto3
import moto
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engines.embedded_aws import MERCHANT_ID, MERCHANT_KEY, STACK_KEY
from engines.template import table_request
from freedompay_sandbox import Payment, RefusedError, Sandbox, Source, running
from freedompay_sandbox.signing import signed
from freedompay_sandbox.writing import form_fields
from integration.create.dying import Fate, ProcessDied
from integration.create.front import serving
from integration.create.shop import COFFEE, Secrets, Shop
from integration.operations.office import HOLD, Office, fresh_key
from integration.operations.sums import assert_equal_sums
from paylink.adapters.secrets import MerchantSecret, StackSecret
from paylink.app.gateway_callback import RESULT, Incoming
from paylink.domain.errors import PaylinkError
from paylink.domain.ledger import NO_TRACE
from paylink.domain.operation import RELEASE_AFTER, Kind, OperationState
from paylink.domain.operation import Source as Origin
from paylink.domain.order import Order

pytestmark = [pytest.mark.dynamodb_local, pytest.mark.slow, pytest.mark.timeout(300)]

TABLE = "operations-machine"
FORM = "application/x-www-form-urlencoded"
AMOUNTS = st.sampled_from([None, "500", "500", "999.99", "0.01"])
MOVES = ("gateway.refund", "gateway.capture", "gateway.cancel")
FAULTS = st.sampled_from(
    [
        ("refund", "drop_before", {}),
        ("refund", "drop_after", {}),
        ("refund", "garbage", {}),
        ("refund", "refused", {"code": "120", "description": "no"}),
        ("refund", "error", {"code": "9999", "description": "?", "created": True}),
        ("refund", "error", {"code": "4004", "description": "?"}),
        ("refund", "later", {"seconds": 100}),
        ("refund", "later", {"seconds": 2000}),
        ("refund", "fails_later", {}),
        ("refund", "pending", {"seconds": 600}),
        ("clearing", "drop_after", {}),
        ("clearing", "drop_before", {}),
        ("clearing", "refused", {"code": "120", "description": "no"}),
        ("clearing", "later", {"seconds": 100}),
        ("cancel", "drop_after", {}),
        ("cancel", "html", {}),
        ("cancel", "later", {"seconds": 2000}),
        ("status", "http_500", {}),
        ("status", "drop_before", {}),
        ("result", "lost", {}),
    ]
)
STRIKES = st.one_of(st.none(), st.tuples(st.integers(0, 9), st.sampled_from(list(Fate))))
world = SimpleNamespace()


@pytest.fixture(scope="module", autouse=True)
def surroundings(dynamodb_local_endpoint: str) -> Iterator[None]:
    sandbox = Sandbox(merchant_id=MERCHANT_ID, secret_key=MERCHANT_KEY, retry_same_page=False)
    with moto.mock_aws(), serving() as front, running(sandbox) as url:
        client = boto3.client("secretsmanager")

        def put(name: str, content: dict[str, str]) -> str:
            return client.create_secret(Name=name, SecretString=json.dumps(content))["ARN"]

        merchant = put("merchant", {"merchant_id": MERCHANT_ID, "secret_key": MERCHANT_KEY})
        secrets = Secrets(
            MerchantSecret(client, merchant), StackSecret(client, put("stack", {"key": STACK_KEY}))
        )
        dynamodb = boto3.client("dynamodb", endpoint_url=dynamodb_local_endpoint)
        dynamodb.create_table(**table_request(TABLE))
        shop = Shop(dynamodb, secrets, TABLE, sandbox, url, front)
        shop.put_link(**COFFEE)
        shop.put_link(**HOLD)
        world.office = Office(shop)
        yield


def refunds_by(source: Source, payments: list[Payment]) -> set[str]:
    """The ids of the refunds that the gateway made."""
    return {refund.refund_id for payment in payments for refund in payment.refunds if refund.source is source}


class OperationsMachine(RuleBasedStateMachine):
    """One order, everything that may happen to its money."""

    office: Office

    @initialize(
        held=st.booleans(), lag=st.sampled_from([0, 40]), word=st.sampled_from(["success", "refunded"])
    )
    def sells(self, held: bool, lag: int, word: str) -> None:
        self.office = world.office
        self.sandbox = self.office.sandbox
        self.sandbox.reset()
        self.office.shop.watch.disarm()
        self.sandbox.settings.update({"lag_seconds": lag, "refunded_word": word})
        self.order_id = (self.office.held() if held else self.office.sold()).order_id
        self.requests: list[tuple[str, str, dict[str, Any]]] = []
        self.second: str | None = None
        self.moved: dict[str, int] = {}
        """How often a key's request reached the gateway."""

    # ── the operator ───────────────────────────────────────────────────────────────────────────────────────

    @rule(amount=AMOUNTS, of_second=st.booleans(), strike=STRIKES)
    def refund(self, amount: str | None, of_second: bool, strike: tuple[int, Fate] | None) -> None:
        document: dict[str, Any] = {} if amount is None else {"amount": amount}
        if of_second and self.second is not None:
            document["payment_id"] = self.second
        self.request("refund", document, strike)

    @rule(amount=AMOUNTS, strike=STRIKES)
    def capture(self, amount: str | None, strike: tuple[int, Fate] | None) -> None:
        self.request("capture", {} if amount is None else {"amount": amount}, strike)

    @rule(strike=STRIKES)
    def cancel(self, strike: tuple[int, Fate] | None) -> None:
        self.request("cancel", {}, strike)

    @precondition(lambda self: self.requests)
    @rule(data=st.data(), strike=STRIKES)
    def repeat_a_request(self, data: st.DataObject, strike: tuple[int, Fate] | None) -> None:
        self.send(data.draw(st.sampled_from(self.requests)), strike)

    @rule(strike=STRIKES)
    def sync(self, strike: tuple[int, Fate] | None) -> None:
        self.struck(lambda: self.office.sync(self.order), strike)

    @rule()
    def resolve(self) -> None:
        self.request("resolve", {"note": "Seen to."}, None)

    @rule()
    def the_same_refund_twice_and_the_second_is_lost(self) -> None:
        self.request("refund", {"amount": "500"}, None)
        self.sandbox.faults.add("refund", "drop_before")
        self.request("refund", {"amount": "500"}, None)

    # ── the gateway ────────────────────────────────────────────────────────────────────────────────────────

    @rule(fault=FAULTS)
    def a_fault_waits(self, fault: tuple[str, str, dict[str, Any]]) -> None:
        operation, kind, more = fault
        self.sandbox.faults.add(operation, kind, **more)

    @rule(amount=AMOUNTS)
    def a_refund_in_the_cabinet(self, amount: str | None) -> None:
        with suppress(RefusedError):
            self.sandbox.cabinet_refund(self.payment_id, amount)

    @rule(amount=AMOUNTS)
    def a_clearing_in_the_cabinet(self, amount: str | None) -> None:
        with suppress(RefusedError):
            self.sandbox.cabinet_clear(self.payment_id, amount)

    @rule()
    def a_cancellation_in_the_cabinet(self) -> None:
        with suppress(RefusedError):
            self.sandbox.cabinet_cancel(self.payment_id)

    @precondition(lambda self: self.second is None)
    @rule(is_lost=st.booleans())
    def a_second_charge(self, is_lost: bool) -> None:
        if is_lost:
            self.sandbox.faults.add("result", "lost")
        self.second = self.sandbox.repeat(self.payment_id).payment_id
        self.sandbox.pay(self.second)

    @precondition(lambda self: self.results())
    @rule(data=st.data(), can_reject=st.sampled_from(["0", "1"]))
    def a_callback_comes_again(self, data: st.DataObject, can_reject: str) -> None:
        told = data.draw(st.sampled_from(self.results()))
        kept = [pair for pair in told if pair[0] not in {"pg_salt", "pg_sig"}]
        pairs = [(name, can_reject if name == "pg_can_reject" else value) for name, value in kept]
        message = urlencode(form_fields(signed(RESULT, pairs, MERCHANT_KEY))).encode()
        reply = self.office.shop.callback(Incoming(RESULT, "POST", "", FORM, message))
        assert reply.status == 200

    def results(self) -> list[Any]:
        """What the gateway told of this order, lost or not."""
        return [record.fields for record in self.sandbox.callbacks if record.url.endswith(RESULT)]

    @rule(seconds=st.sampled_from([5, 31, 60, 360, 1000, 6 * 86_400]))
    def time_passes(self, seconds: int) -> None:
        self.sandbox.clock.advance(seconds)

    # ── how it is done ─────────────────────────────────────────────────────────────────────────────────────

    @property
    def order(self) -> Order:
        return self.office.order(self.order_id)

    @property
    def payment_id(self) -> str:
        return str(self.order.payment_id)

    def request(self, kind: str, document: dict[str, Any], strike: tuple[int, Fate] | None) -> None:
        request = (kind, fresh_key(), document)
        self.requests.append(request)
        self.send(request, strike)

    def send(self, request: tuple[str, str, dict[str, Any]], strike: tuple[int, Fate] | None) -> None:
        kind, key, document = request
        order = self.order
        calls = self.struck(lambda: self.office.run(kind, order, key, **document), strike)
        self.moved[key] = self.moved.get(key, 0) + sum(call in MOVES for call in calls)
        assert self.moved[key] <= 1, "what may have been sent is never sent again"

    def struck(self, action: Any, strike: tuple[int, Fate] | None) -> list[str]:
        """The calls that had an effect, or may have had one."""
        watch = self.office.shop.watch
        watch.disarm()
        if strike is not None:
            watch.arm(*strike)
        with suppress(ProcessDied, PaylinkError):
            action()
        number, fate = strike or (-1, None)
        calls = [
            call
            for index, call in enumerate(watch.calls)
            if index != number or fate not in {Fate.DIES_BEFORE, Fate.NOT_REACHED}
        ]
        watch.disarm()
        return calls

    # ── what holds ─────────────────────────────────────────────────────────────────────────────────────────

    @invariant()
    def what_holds_at_any_time(self) -> None:
        if not hasattr(self, "order_id"):
            return
        order, payments = self.order, self.sandbox.payments(self.order_id)
        self.no_key_moves_money_twice(order, payments)
        self.only_long_silence_releases(order, payments)
        assert order.waiting or order.operation is None, "an open operation is waited for"

    def no_key_moves_money_twice(self, order: Order, payments: list[Payment]) -> None:
        asked = sum(1 for kind, _, _ in self.requests if kind == "refund")
        assert len(refunds_by(Source.SHOP, payments)) <= asked
        assert all(payment.refunded <= payment.cleared for payment in payments)
        done = [
            operation.refund_id
            for operation in order.operations.values()
            if operation.kind is Kind.REFUND and operation.state is OperationState.DONE
        ]
        assert len(set(done)) == len(done), "one refund ends one operation"
        listed = {refund.refund_id for payment in payments for refund in payment.refunds}
        assert set(done) <= listed

    def only_long_silence_releases(self, order: Order, payments: list[Payment]) -> None:
        released = [
            operation
            for operation in order.operations.values()
            if operation.gateway_description == NO_TRACE and operation.finished_at is not None
        ]
        for operation in released:
            assert operation.finished_at - operation.created_at >= RELEASE_AFTER
        too_late = [operation for operation in released if operation.kind is Kind.REFUND]
        adopted = {
            refund_id for refund_id, refund in order.refunds.items() if refund.source is Origin.EXTERNAL
        }
        assert len(refunds_by(Source.SHOP, payments) & adopted) <= len(too_late), (
            "our own refund taken for another's"
        )

    def teardown(self) -> None:
        """The gateway answers again, what is late comes, and syncs are made until nothing is open."""
        if not hasattr(self, "order_id"):
            return
        self.sandbox.faults.clear()
        self.office.shop.watch.disarm()
        for _ in range(4):
            self.sandbox.clock.advance(1000)
            order = self.office.sync(self.order)
        if order.operation is not None:
            assert order.attention, "what stays open calls an operator"
            self.office.run("resolve", order, note="Seen to.")
            self.office.sync(order)
        assert_equal_sums(self.office, self.order_id)
        self.what_holds_at_any_time()


# What fails is told at once, with its steps: looking for a shorter way to fail would take minutes.
OperationsMachine.TestCase.settings = settings(
    max_examples=25, stateful_step_count=14, deadline=None, phases=[Phase.reuse, Phase.generate]
)
TestOperations = OperationsMachine.TestCase
