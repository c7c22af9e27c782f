"""The gateway's word: verify, judge, write, answer.

The order of rows is the contract: what is forged learns nothing, what is unreadable changes nothing, what
can't be looked up now is asked for again, and only then an order is judged.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from paylink.app.notice_fields import MalformedNotice, read_check, read_result, read_salt
from paylink.app.one_reading import Reading, one_reading
from paylink.app.places import hold_all
from paylink.app.ports import MerchantKeySource, OrderStore, PlaceStore, Signals
from paylink.app.reasons import reason
from paylink.app.settling import give_back_if_over, judge_with_places
from paylink.domain.clock import utc_now
from paylink.domain.credentials import MerchantKeys
from paylink.domain.errors import NotConfigured, SoldOut, StoreUnavailable
from paylink.domain.notices import ResultNotice
from paylink.domain.order import IllegalTransition, Order
from paylink.domain.plain_settlement import plain_settlement
from paylink.domain.settlement import APPROVAL, Answer, Verdict, judge_check
from paylink.domain.stack_key import is_order_id
from paylink.domain.text import DEFAULT_LANGUAGE
from paylink.freedompay.errors import UnreadableMessage
from paylink.freedompay.messages import read_request, write_xml
from paylink.freedompay.signature import Field, signed, verify

CHECK: Final = "paylink_check"
RESULT: Final = "paylink_result"
"""The last segments of our callback addresses, which are part of what is signed; no other system uses them."""

_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Incoming:
    """A callback as it came: `script` is the address's last segment, `query` raw, `body` decoded from base64."""

    script: str
    method: str
    query: str
    content_type: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What the gateway is answered: an HTTP status and an XML document."""

    status: int
    document: bytes


@dataclass(frozen=True, slots=True)
class _Message:
    """A verified message and what its answer needs."""

    fields: Sequence[Field]
    keys: MerchantKeys
    salt: str | None
    script: str


class GatewayCallback:
    """The use case behind both callback addresses."""

    def __init__(
        self,
        *,
        orders: OrderStore,
        places: PlaceStore,
        merchant: MerchantKeySource,
        signals: Signals,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._orders = orders
        self._places = places
        self._merchant = merchant
        self._signals = signals
        self._now = now

    def __call__(self, incoming: Incoming) -> Reply:
        """The answer to a callback. Never raises on anything that a message may hold."""
        try:
            fields = read_request(incoming.method, incoming.query, incoming.content_type, incoming.body)
        except UnreadableMessage:
            self._signals.count("CallbackUnreadable")
            return _unsigned(400, "The message cannot be read.")
        try:
            keys = self._verified(incoming.script, fields)
            if keys is None:
                self._signals.count("SignatureRefused")
                return _unsigned(403, "The signature does not fit.")
            message = _Message(fields, keys, read_salt(fields), incoming.script)
            return self._check(message) if incoming.script == CHECK else self._result(message)
        except MalformedNotice as error:
            self._signals.count("CallbackMalformed")
            return _unsigned(400, f"The message does not fit: {error}.")
        except (StoreUnavailable, NotConfigured) as error:
            self._signals.count("CallbackPostponed")
            self._signals.warn("callback postponed", code=error.code)
            return _unsigned(503, "Temporarily unavailable, please call again.")

    def _verified(self, script: str, fields: Sequence[Field]) -> MerchantKeys | None:
        """The merchant's keys, if one of them signed the message and the message is for this merchant."""
        names = [name for name, _ in fields]
        if "pg_sig" not in names:
            return None
        keys: MerchantKeys | None = self._merchant.keys()
        if keys is not None and not verify(script, fields, keys.verifying(self._now())):
            # The owner may have changed the key within the minutes for which it is kept here.
            keys = self._merchant.refreshed()
            if keys is not None and not verify(script, fields, keys.verifying(self._now())):
                return None
        if keys is None:
            return None
        if "pg_merchant_id" not in names:
            return keys
        merchants = [value for name, value in fields if name == "pg_merchant_id"]
        if any(value != keys.merchant_id for value in merchants):
            return None
        if len(merchants) > 1:
            raise MalformedNotice("pg_merchant_id is given twice")
        return keys

    def _check(self, message: _Message) -> Reply:
        notice = read_check(message.fields)
        reading = one_reading(message.fields, notice)
        order = self._orders.get(notice.order_id) if is_order_id(notice.order_id) else None
        for _ in range(_ROUNDS):
            if order is None:
                return _answer(message, Answer.UNKNOWN_ORDER, None)
            reading.must_fit(order, notice)
            verdict = judge_check(order, notice, self._now())
            if verdict.answer.accepts and not self._hold(order):
                return _answer(message, Answer.SOLD_OUT, order)
            if not verdict.answer.accepts:
                # It may have expired between a first look, which held its places, and this one.
                give_back_if_over(self._places, order, self._now())
            present = self._save(order, verdict)
            if present is None:
                timeout = (
                    [("pg_timeout", str(int(APPROVAL.total_seconds())))] if verdict.answer.accepts else []
                )
                return _answer(message, verdict.answer, order, timeout)
            order = present
        raise StoreUnavailable("the order is being changed by others")

    def _result(self, message: _Message) -> Reply:
        notice = read_result(message.fields)
        reading = self._reading(message, notice)
        order = self._settle_plain(notice, may_settle=not reading.lone_captured)
        for _ in range(_ROUNDS):
            if order is True:
                self._tell(notice, Answer.OK)
                return _answer(message, Answer.OK, None)
            if order is None or order is False:
                return self._unknown(message, notice)
            try:
                reading.must_fit(order, notice)
            except MalformedNotice:
                self._keep(notice)
                raise
            verdict = self._judge(order, notice)
            present = self._save(order, verdict)
            if present is None:
                give_back_if_over(self._places, verdict.order or order, self._now())
                if verdict.raised is not None:
                    self._signals.count("Attention")
                self._tell(notice, verdict.answer, repeated=verdict.repeated, attention=verdict.raised)
                return _answer(message, verdict.answer, order)
            order = present
        raise StoreUnavailable("the order is being changed by others")

    def _reading(self, message: _Message, notice: ResultNotice) -> Reading:
        try:
            return one_reading(message.fields, notice)
        except MalformedNotice:
            self._keep(notice)
            raise

    def _keep(self, notice: ResultNotice) -> None:
        """What is signed and yet not acted on: kept for the operator, who finds its ids in the log too."""
        self._orders.keep_unknown(notice, self._now())
        self._signals.warn(
            "result could be read otherwise", order_id=notice.order_id, payment_id=notice.payment_id
        )

    def _settle_plain(self, notice: ResultNotice, *, may_settle: bool) -> Order | bool | None:
        if not is_order_id(notice.order_id):
            return None
        plain = plain_settlement(notice, self._now()) if may_settle else None
        return self._orders.get(notice.order_id) if plain is None else self._orders.settle_plain(plain)

    def _judge(self, order: Order, notice: ResultNotice) -> Verdict:
        try:
            return judge_with_places(self._places, order, notice, self._now())
        except IllegalTransition:
            self._signals.count("TransitionRefused")
            raise

    def _hold(self, order: Order) -> bool:
        try:
            hold_all(self._places, order)
        except SoldOut:
            return False
        return True

    def _save(self, order: Order, verdict: Verdict) -> Order | None:
        if verdict.order is None:
            return None
        return self._orders.save(order, verdict.order)

    def _unknown(self, message: _Message, notice: ResultNotice) -> Reply:
        """Possibly another system's sale: kept for the operator, and never refused."""
        self._orders.keep_unknown(notice, self._now())
        self._signals.count("UnknownOrder")
        self._signals.warn("result for an unknown order", payment_id=notice.payment_id)
        error = [("pg_status", "error"), ("pg_error_description", "The order is not known here.")]
        return Reply(404, _document(message, error))

    def _tell(self, notice: ResultNotice, answer: Answer, **more: object) -> None:
        names = {0: "ResultUnpaid", 1: "ResultPaid", 2: "ResultOpen"}
        self._signals.count(names[notice.result] if answer.accepts else "ResultRejected")
        self._signals.note(
            "result answered",
            order_id=notice.order_id,
            payment_id=notice.payment_id,
            result=notice.result,
            answer=answer.value,
            **{name: value for name, value in more.items() if value},
        )


def _answer(
    message: _Message, answer: Answer, order: Order | None, extra: Sequence[tuple[str, str]] = ()
) -> Reply:
    language = DEFAULT_LANGUAGE if order is None else order.language
    if answer.accepts:
        return Reply(200, _document(message, [("pg_status", "ok"), *extra]))
    refusal = [("pg_status", "rejected"), ("pg_description", reason(answer, language))]
    return Reply(200, _document(message, refusal))


def _document(message: _Message, fields: Sequence[tuple[str, str]]) -> bytes:
    salt = [("pg_salt", message.salt)] if message.salt else []
    return write_xml(signed(message.script, [*salt, *fields], message.keys.secret_key))


def _unsigned(status: int, text: str) -> Reply:
    fields = [("pg_status", "error"), ("pg_error_description", text)]
    return Reply(status, write_xml(fields))
