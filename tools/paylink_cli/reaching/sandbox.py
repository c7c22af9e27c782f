"""Speaks to the control API of the stand-in gateway."""

from typing import Any, Final

import requests

from paylink_cli.errors import CommandError, Unreachable
from paylink_cli.reaching.system import LocalSystem

_TIMEOUTS: Final = (3, 60)


class Sandbox:
    """The stand-in gateway of a local system. Every method raises Unreachable, or CommandError where it refuses."""

    def __init__(self, system: LocalSystem) -> None:
        if system.sandbox_url is None:
            raise CommandError(
                "this `paylink local` has a gateway of its own, which cannot be steered; "
                "start it without --gateway-url"
            )
        self.url = system.sandbox_url
        self._session = requests.Session()
        self._session.trust_env = False

    def scenarios(self) -> dict[str, str]:
        """What can be played, each with a line that says what it is."""
        return dict(self._ask("GET", "trigger")["scenarios"])

    def trigger(self, scenario: str, order_id: str, **more: object) -> dict[str, Any]:
        """Play a scenario with the last payment of an order; it ends when the shop was told."""
        given = {name: value for name, value in more.items() if value is not None}
        return self._ask("POST", "trigger", {"scenario": scenario, "order_id": order_id, **given})

    def advance(self, seconds: float) -> None:
        """Turn its clock on; what is due on the way is done before this returns."""
        self._ask("POST", "clock", {"advance": seconds})

    def callbacks(self) -> list[dict[str, Any]]:
        """All that was sent to the shop."""
        return list(self._ask("GET", "callbacks")["callbacks"])

    def _ask(self, method: str, path: str, body: dict[str, object] | None = None) -> dict[str, Any]:
        try:
            answer = self._session.request(method, f"{self.url}/sandbox/{path}", json=body, timeout=_TIMEOUTS)
            content = answer.json()
        except requests.RequestException as error:
            raise Unreachable(
                f"the sandbox at {self.url} gave no answer; is `paylink local` running?"
            ) from error
        if answer.status_code >= 400 or not isinstance(content, dict):
            said = content.get("error") if isinstance(content, dict) else None
            raise CommandError(f"the sandbox refused it: {said or answer.status_code}")
        return content
