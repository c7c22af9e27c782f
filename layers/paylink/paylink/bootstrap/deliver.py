"""What functions/deliver works with."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from paylink.adapters.aws import dynamodb, secrets_manager, sns, sqs
from paylink.adapters.contacts import Contacts
from paylink.adapters.delivery_notes import DeliveryNotes
from paylink.adapters.messengers import EmailTopic, TelegramBot
from paylink.adapters.queues import WaitingRoom
from paylink.adapters.secrets import TelegramSecret, WebhookSecret
from paylink.adapters.signals import PowertoolsSignals
from paylink.adapters.stream import messages_of
from paylink.adapters.webhook_sender import WebhookSender
from paylink.app.deliver import Deliver
from paylink.app.deliver import DeliverParts as Parts
from paylink.bootstrap import loaded
from paylink.domain.delivery import Channel
from paylink.settings import DeliverSettings, log_level

if TYPE_CHECKING:
    from paylink.app.event_ports import Messenger


@dataclass(frozen=True, slots=True)
class DeliverParts:
    """The parts of deliver."""

    deliver: Deliver
    signals: PowertoolsSignals


def deliver() -> DeliverParts:
    """The parts, by the environment. Raises SettingsError."""
    settings = DeliverSettings.read()
    signals = PowertoolsSignals(log_level(), loaded)
    messengers: dict[Channel, Messenger] = {Channel.EMAIL: EmailTopic(sns(), settings.message_topic)}
    if settings.telegram_chat:
        secret = TelegramSecret(secrets_manager(), settings.telegram_secret)
        messengers[Channel.TELEGRAM] = TelegramBot(secret, settings.telegram_chat)
    parts = Parts(
        queue=WaitingRoom(sqs(), settings.delivery_queue, settings.dead_letters),
        notes=DeliveryNotes(dynamodb(), settings.table),
        receiver=WebhookSender(settings.webhook_url) if settings.webhook_url else None,
        webhook_keys=WebhookSecret(secrets_manager(), settings.webhook_secret),
        messengers=messengers,
        contacts=Contacts(dynamodb(), settings.table, settings.keep_contacts),
        signals=signals,
        language=settings.language,
    )
    return DeliverParts(Deliver(messages_of, parts), signals)
