"""The queue of deliveries: the owner's webhook, e-mail and Telegram."""

from typing import Any

from paylink.bootstrap.deliver import deliver

parts = deliver()


@parts.signals.around
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 — Lambda's own signature
    """One batch of messages."""
    return parts.deliver(event, context.get_remaining_time_in_millis)
