"""The short message about an event: what was sold, to whom as far as that is kept, and what to look at."""

from collections.abc import Mapping
from typing import Any, Final

from paylink.app.message_texts import TEXTS, Texts
from paylink.domain.delivery import ShortMessage
from paylink.domain.events import ATTENTION, PAID, Event
from paylink.domain.text import DEFAULT_LANGUAGE

LONGEST_LINE: Final = 500
LONGEST_SUBJECT: Final = 99
"""Characters. SNS takes a subject of fewer than 100, in ASCII."""


def short_message(event: Event, contacts: Mapping[str, str], language: str) -> ShortMessage:
    """The message of an event in a language, with the buyer's contacts where they are kept."""
    texts = TEXTS.get(language, TEXTS[DEFAULT_LANGUAGE])
    detail = event.detail
    money = f"{_word(detail, 'amount')} {_word(detail, 'currency')}"
    lines = [_sold(detail), *_about(detail, texts), *_reasons(event, texts)]
    if event.type == PAID:
        lines += _buyer(detail, contacts, texts)
    title = f"{texts.titles[event.type]}: {money}"
    if detail.get("test") is True:
        title = f"{title} ({texts.test})"
    subject = f"Paylink: {event.type.removeprefix('payment.')}, {money}, {event.order_id}"
    return ShortMessage(
        subject.encode("ascii", "replace").decode()[:LONGEST_SUBJECT],
        _one_line(title),
        tuple(_one_line(line) for line in lines if line),
    )


def _sold(detail: Mapping[str, Any]) -> str:
    return _word(detail, "description")


def _about(detail: Mapping[str, Any], texts: Texts) -> list[str]:
    items = detail.get("items") or []
    sold = ", ".join(f"{item['link']} × {item['quantity']}" for item in items)
    reference = detail.get("reference")
    return [
        f"{texts.items}: {sold}" if sold else "",
        f"{texts.order}: {_word(detail, 'order_id')}",
        f"{texts.reference}: {reference}" if reference else "",
        f"{texts.payment}: {detail['payment_id']}" if detail.get("payment_id") else "",
    ]


def _reasons(event: Event, texts: Texts) -> list[str]:
    if event.type != ATTENTION:
        return []
    reasons = event.detail.get("reasons") or event.detail.get("attention") or []
    if not isinstance(reasons, list):
        return []
    return [texts.reasons.get(str(reason), str(reason)) for reason in reasons]


def _buyer(detail: Mapping[str, Any], contacts: Mapping[str, str], texts: Texts) -> list[str]:
    if contacts:
        return [f"{texts.fields.get(name, name)}: {text}" for name, text in contacts.items()]
    # Nothing of the buyer is stored here: the gateway has what the page asked for.
    return [texts.no_contacts.format(payment=detail.get("payment_id") or "-")]


def _word(detail: Mapping[str, Any], name: str) -> str:
    return str(detail.get(name) or "")


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 1]}…"
