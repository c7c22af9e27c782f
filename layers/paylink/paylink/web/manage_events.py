"""The operator's route about events."""

from collections.abc import Callable
from typing import Protocol

from paylink.web.response import Response, json_response


class Republished(Protocol):
    """What the route needs of the outcome."""

    @property
    def sent(self) -> int:
        """How many changes were told."""

    @property
    def left(self) -> int:
        """About how many could not be told yet."""


class EventRoutes:
    """Answers about events."""

    def __init__(self, republish: Callable[[], Republished]) -> None:
        self._republish = republish

    def republish(self) -> Response:
        """POST /events/republish: tells again what could not be told. Raises PaylinkError."""
        outcome = self._republish()
        return json_response(200, {"sent": outcome.sent, "left": outcome.left})
