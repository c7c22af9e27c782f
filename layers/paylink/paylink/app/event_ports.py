"""What telling others needs from outside, as the use cases see it. The adapters fit these."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from paylink.domain.changes import FailedBatch, Parked, Sent
from paylink.domain.delivery import Channel, Delivery, Incoming, ShortMessage
from paylink.domain.events import Event
from paylink.domain.webhook import WebhookKeys


class EventBus(Protocol):
    """Where the shop's other systems hear."""

    def put(self, events: Sequence[Event]) -> Sent:
        """Tells these events; what the answer names by event id did not pass."""


class DeliveryQueue(Protocol):
    """Where deliveries wait."""

    def send(self, deliveries: Sequence[Delivery]) -> Sent:
        """Queues them; what the answer names by `event id/channel` did not pass."""


class Unpublished(Protocol):
    """What could not be told."""

    def park(self, parked: Iterable[Parked]) -> None:
        """Keeps these. Raises StoreUnavailable where one was not kept."""


class FailedBatchQueue(Protocol):
    """Batches of the stream that could not be worked at all. Every method raises StoreUnavailable."""

    def take(self) -> Sequence[FailedBatch]:
        """Some of them, hidden from others for a while."""

    def drop(self, batch: FailedBatch) -> None:
        """Done with this one."""

    def left(self) -> int:
        """About how many there still are."""


class ParkedQueue(Unpublished, Protocol):
    """The same, as it is emptied."""

    def take(self) -> Sequence[Parked]:
        """Some of them, hidden from others for a while; none where there are none. Raises StoreUnavailable."""

    def drop(self, parked: Parked) -> None:
        """Done with this one. Raises StoreUnavailable."""

    def left(self) -> int:
        """About how many there still are. Raises StoreUnavailable."""


class WaitingRoom(Protocol):
    """The delivery queue, from where messages come out. Both raise StoreUnavailable."""

    def hide(self, incoming: Incoming, seconds: int) -> None:
        """It comes again in so many seconds."""

    def bury(self, incoming: Incoming) -> None:
        """Puts a copy where a person looks (the dead-letter queue)."""


class DeliveryNotes(Protocol):
    """What has been brought already. Every method raises StoreUnavailable."""

    def begin(self, delivery: Delivery, owner: str, now: datetime) -> bool:
        """Takes this delivery on; False where it was made. Raises NotDelivered while another owner is at it."""

    def done(self, delivery: Delivery, now: datetime) -> None:
        """Notes that it was made."""

    def gone_until(self, receiver: str) -> datetime | None:
        """Until when this receiver is left alone; None where it is not."""

    def set_gone(self, receiver: str, until: datetime) -> None:
        """Leaves this receiver alone until then."""


class ContactBook(Protocol):
    """Buyers' contacts, where the owner opted in."""

    def find(self, order_id: str) -> Mapping[str, str]:
        """What is kept about the buyer of an order, maybe nothing. Raises StoreUnavailable."""


class WebhookKeySource(Protocol):
    """Where the webhook's keys come from."""

    def keys(self) -> WebhookKeys:
        """The keys. Raises NotConfigured or StoreUnavailable."""


class Receiver(Protocol):
    """The owner's webhook."""

    url: str

    def post(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Brings it. Raises NotDelivered or Gone."""


class Messenger(Protocol):
    """A way to a person."""

    def send(self, message: ShortMessage) -> None:
        """Brings it. Raises NotDelivered, NotConfigured or StoreUnavailable."""


Messengers = Mapping[Channel, Messenger]
