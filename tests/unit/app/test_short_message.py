"""The short messages: every language has every word, and no text breaks its form."""

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paylink.app.message_texts import TEXTS
from paylink.app.short_message import short_message
from paylink.domain.delivery import MESSAGE_TYPES
from paylink.domain.events import events_of
from paylink.domain.order import Attention, Status
from paylink.domain.text import LANGUAGES
from unit.domain.examples import a_pending_order, an_order_in

AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def test_every_language_of_the_gateway_is_there() -> None:
    assert set(TEXTS) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_word(language: str) -> None:
    texts, known = TEXTS[language], TEXTS["en"]
    assert set(texts.titles) == MESSAGE_TYPES
    assert set(texts.reasons) == {reason.value for reason in Attention}
    assert set(texts.fields) == set(known.fields)
    assert "{payment}" in texts.no_contacts
    assert all(getattr(texts, one.name) for one in fields(texts))


@pytest.mark.parametrize("language", [*LANGUAGES, "xx"])
@pytest.mark.parametrize("currency", ["KZT", "KRW"])
def test_a_message_can_be_written_in_any_language(language: str, currency: str) -> None:
    order = replace(an_order_in(Status.PAID), currency=currency, amount=1_500)
    [event] = events_of(a_pending_order(), order, AT)
    message = short_message(event, {"email": "buyer@example.com"}, language)
    assert ("15.00 KZT" if currency == "KZT" else "1500 KRW") in message.title
    assert "buyer@example.com" in "\n".join(message.lines)


@given(st.text(max_size=2000), st.text(max_size=2000), st.text(max_size=70))
def test_whatever_was_sold_the_form_holds(description: str, text: str, reference: str) -> None:
    order = replace(an_order_in(Status.PAID), description=description, reference=reference)
    [event] = events_of(a_pending_order(), order, AT)
    message = short_message(event, {"comment": text}, "ru")
    assert message.subject.isascii()
    assert message.subject.isprintable()
    assert len(message.subject) < 100
    assert all(len(line) <= 500 and "\n" not in line for line in (message.title, *message.lines))
