"""Brings events to the owner: the webhook, and short messages by e-mail and Telegram.

Each message of the queue is one event for one channel. What fails comes again when its schedule says so, by the
message's own visibility; what never arrives ends in the dead-letter queue.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from paylink.app.event_ports import (
    ContactBook,
    DeliveryNotes,
    Messengers,
    Receiver,
    WaitingRoom,
    WebhookKeySource,
)
from paylink.app.ports import Signals
from paylink.app.short_message import short_message
from paylink.domain.clock import to_text, utc_now
from paylink.domain.delivery import (
    LONGEST_HIDING,
    Channel,
    Delivery,
    Gone,
    Incoming,
    NotDelivered,
    schedule_of,
    spread,
)
from paylink.domain.errors import NotConfigured, StoreUnavailable
from paylink.domain.events import PAID
from paylink.domain.webhook import signature_headers

LEAVE_ALONE: Final = timedelta(days=1)
"""How long a receiver that answered 410 gets nothing; its messages wait in the dead-letter queue."""

LONGEST_TRY: Final = 18_000
"""Milliseconds that one message may take; with less left of the function's time none is begun."""

Response = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DeliverParts:
    """What delivering works with. `receiver` is None where the owner has no webhook."""

    queue: WaitingRoom
    notes: DeliveryNotes
    receiver: Receiver | None
    webhook_keys: WebhookKeySource
    messengers: Messengers
    contacts: ContactBook
    signals: Signals
    language: str
    now: Callable[[], datetime] = utc_now


class Deliver:
    """One batch of the queue."""

    def __init__(self, read: Callable[[Mapping[str, Any]], Sequence[Incoming]], parts: DeliverParts) -> None:
        self._read = read
        self._parts = parts

    def __call__(self, event: Mapping[str, Any], milliseconds_left: Callable[[], int]) -> Response:
        """Works a batch; names the messages that stay in the queue."""
        stay = [
            incoming.message_id
            for incoming in self._read(event)
            if not self._is_done(incoming, milliseconds_left())
        ]
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in stay]}

    def _is_done(self, incoming: Incoming, milliseconds: int) -> bool:
        """Works one message; whether it leaves the queue."""
        delivery = incoming.delivery
        if delivery is None:
            return self._buried(incoming, "unreadable_delivery")
        if milliseconds < LONGEST_TRY:
            return self._hidden(incoming, 1)
        elapsed = (self._parts.now() - incoming.first_seen).total_seconds()
        visit = schedule_of(delivery.channel).visit(elapsed)
        if not visit.tries:
            return self._hidden(incoming, spread(visit.again or 1, delivery.event.id))
        try:
            self._bring(delivery, incoming.message_id)
        except Gone:
            self._parts.signals.count("WebhookGone")
            return self._buried(incoming, "webhook_gone")
        except (NotDelivered, NotConfigured, StoreUnavailable) as error:
            self._parts.signals.count("DeliveryFailed")
            self._warn("delivery_failed", delivery, reason=str(error))
            if visit.again is None:
                self._parts.signals.count("DeliveryGivenUp")
                return self._buried(incoming, "delivery_given_up")
            asked = error.retry_after if isinstance(error, NotDelivered) and error.retry_after else 0
            wait = spread(max(visit.again, min(asked, LONGEST_HIDING)), delivery.event.id)
            return self._hidden(incoming, wait)
        self._parts.signals.note("delivered", **_ids(delivery))
        return True

    def _bring(self, delivery: Delivery, owner: str) -> None:
        if delivery.channel is Channel.WEBHOOK:
            self._post(delivery)
        else:
            self._write(delivery, owner)

    def _post(self, delivery: Delivery) -> None:
        parts = self._parts
        if parts.receiver is None:
            # The owner took the webhook off after this was queued.
            return
        gone_until = parts.notes.gone_until(parts.receiver.url)
        if gone_until is not None and parts.now() < gone_until:
            raise Gone
        event = delivery.event
        body = json.dumps(
            {"type": event.type, "timestamp": to_text(event.time), "data": dict(event.detail)},
            ensure_ascii=False,
            separators=(",", ":"),
        ).encode()
        headers = signature_headers(parts.webhook_keys.keys(), event.id, body, parts.now())
        try:
            parts.receiver.post(body, headers)
        except Gone:
            parts.notes.set_gone(parts.receiver.url, parts.now() + LEAVE_ALONE)
            raise

    def _write(self, delivery: Delivery, owner: str) -> None:
        parts = self._parts
        messenger = parts.messengers.get(delivery.channel)
        if messenger is None or not parts.notes.begin(delivery, owner, parts.now()):
            return
        contacts = parts.contacts.find(delivery.event.order_id) if delivery.event.type == PAID else {}
        messenger.send(short_message(delivery.event, contacts, parts.language))
        try:
            parts.notes.done(delivery, parts.now())
        except StoreUnavailable:
            # It was brought: a repeat of this message would only bring it twice.
            self._warn("delivery_not_noted", delivery)

    def _hidden(self, incoming: Incoming, seconds: int) -> bool:
        try:
            self._parts.queue.hide(incoming, seconds)
        except StoreUnavailable as error:
            # It comes again after the queue's own time.
            self._parts.signals.warn("not_hidden", message_id=incoming.message_id, reason=str(error))
        return False

    def _buried(self, incoming: Incoming, why: str) -> bool:
        try:
            self._parts.queue.bury(incoming)
        except StoreUnavailable as error:
            self._parts.signals.warn("not_buried", message_id=incoming.message_id, reason=str(error))
            return False
        ids = {} if incoming.delivery is None else _ids(incoming.delivery)
        self._parts.signals.warn(why, message_id=incoming.message_id, **ids)
        return True

    def _warn(self, what: str, delivery: Delivery, **more: object) -> None:
        self._parts.signals.warn(what, **_ids(delivery), **more)


def _ids(delivery: Delivery) -> dict[str, object]:
    return {
        "channel": delivery.channel.value,
        "event_id": delivery.event.id,
        "order_id": delivery.event.order_id,
        "type": delivery.event.type,
    }
