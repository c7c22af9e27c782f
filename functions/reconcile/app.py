"""On a schedule: asks the gateway about orders that still wait."""

from typing import Any

from paylink.bootstrap.reconcile import reconcile

parts = reconcile()


@parts.signals.around
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401, ARG001 — Lambda's own signature
    """One run."""
    return parts.run(context.get_remaining_time_in_millis() / 1000).document()
