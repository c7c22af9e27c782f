"""Short messages to the owner: by e-mail through an SNS topic, and by a Telegram bot."""

import json
from html import escape
from typing import TYPE_CHECKING, Any, Final

from paylink.adapters.https import Answer, post
from paylink.adapters.store_errors import translated
from paylink.domain.delivery import NotDelivered, ShortMessage

if TYPE_CHECKING:
    from paylink.adapters.secrets import TelegramSecret

TELEGRAM: Final = "https://api.telegram.org"
SECONDS: Final = 10.0
LONGEST_TEXT: Final = 4_000
"""Characters; Telegram takes 4096 after its markup is read."""


class EmailTopic:
    """E-mail by the topic that the owner's address is subscribed to."""

    def __init__(self, client: Any, topic: str) -> None:  # noqa: ANN401 — the SDK's client
        self._client = client
        self._topic = topic

    def send(self, message: ShortMessage) -> None:
        """Publishes it. Raises StoreUnavailable."""
        text = "\n".join((message.title, "", *message.lines))
        with translated("SNS"):
            self._client.publish(TopicArn=self._topic, Subject=message.subject, Message=text)


class TelegramBot:
    """Messages of one bot to one chat. Its token stands in the address, which is therefore told nowhere."""

    def __init__(self, secret: "TelegramSecret", chat: str, *, api: str = TELEGRAM) -> None:
        self._secret = secret
        self._chat = chat
        self._api = api

    def send(self, message: ShortMessage) -> None:
        """Sends it. Raises NotDelivered, NotConfigured or StoreUnavailable."""
        body = {
            "chat_id": self._chat,
            "text": telegram_text(message),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }
        answer = post(
            f"{self._api}/bot{self._secret.token()}/sendMessage",
            json.dumps(body, ensure_ascii=False).encode(),
            {"content-type": "application/json"},
            seconds=SECONDS,
        )
        if answer.status != 200:
            raise NotDelivered(f"Telegram answered {answer.status}", retry_after=_retry_after(answer))


def telegram_text(message: ShortMessage) -> str:
    """The message in Telegram's HTML: everything of the order's escaped, no line cut within its markup."""
    lines = [f"<b>{escape(message.title, quote=False)}</b>"]
    length = len(lines[0])
    for line in message.lines:
        escaped = escape(line, quote=False)
        if length + 1 + len(escaped) > LONGEST_TEXT:
            lines.append("…")
            break
        lines.append(escaped)
        length += 1 + len(escaped)
    return "\n".join(lines)


def _retry_after(answer: Answer) -> int | None:
    try:
        return int(json.loads(answer.body)["parameters"]["retry_after"])
    except (ValueError, KeyError, TypeError):
        return answer.retry_after
