"""Telling events, for whichever function does it."""

from paylink.adapters.aws import events, sqs
from paylink.adapters.event_bus import EventBus
from paylink.adapters.queues import DeliveryQueue
from paylink.app.publish import Announcer
from paylink.domain.delivery import Channel
from paylink.settings import PublishSettings


def announcing(settings: PublishSettings) -> Announcer:
    """The event bus, and the delivery queue for the channels that the owner uses."""
    wanted = {
        Channel.WEBHOOK: settings.webhook_url,
        Channel.EMAIL: settings.message_email,
        Channel.TELEGRAM: settings.telegram_chat,
    }
    return Announcer(
        EventBus(events(), settings.event_bus),
        DeliveryQueue(sqs(), settings.delivery_queue),
        [channel for channel, where in wanted.items() if where],
    )
