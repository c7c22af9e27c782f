"""The table's stream: what happened to orders, told to the event bus and queued for the owner."""

from typing import Any

from paylink.bootstrap.publish import publish

parts = publish()


@parts.signals.around
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401, ARG001 — Lambda's own signature
    """One batch of changes."""
    return parts.publish(event)
