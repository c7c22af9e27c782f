"""Reads the offers that an owner asks to be signed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from paylink.domain import kinds
from paylink.domain.form import Form
from paylink.domain.link import MOST_UNITS
from paylink.domain.metadata import parse_metadata
from paylink.domain.money import DECIMALS, parse_major
from paylink.domain.offer import LONGEST_VALIDITY, Offer

MOST_OFFERS: Final = 500


def parse_offers(data: Mapping[str, object], ids: list[str], now: datetime) -> list[Offer]:
    """The offers of `POST /offers`, each with one of the given fresh ids, in their order.

    Amounts are decimal strings or integers in major units. Raises InvalidRequest naming every wrong field.
    """
    form = Form(data)
    forms = form.sub_list("offers", most=MOST_OFFERS)
    if forms is None and not form.has("offers"):
        form.wrong("offers", "is required")
    offers = [_offer(entry, offer_id, now) for entry, offer_id in zip(forms or [], ids, strict=False)]
    form.finish()
    return [offer for offer in offers if offer is not None]


def _offer(form: Form, offer_id: str, now: datetime) -> Offer | None:
    title = form.read("title", kinds.bounded(200), required=True)
    currency = form.read("currency", kinds.one_of(*DECIMALS), required=True)
    price = form.read("price", lambda value: parse_major(value, currency or "KZT"), required=True)
    expires_at = form.read("expires_at", lambda value: _expiry(value, now), required=True)
    limit = form.read("limit", kinds.whole(1, MOST_UNITS))
    metadata = form.read("metadata", parse_metadata) or {}
    form.refuse_unknown()
    if title is None or currency is None or price is None or expires_at is None:
        return None
    return Offer(offer_id, title, price, currency, now, expires_at, limit, metadata)


def _expiry(value: object, now: datetime) -> datetime:
    moment = kinds.moment(value).replace(microsecond=0)
    if not now < moment <= now + LONGEST_VALIDITY:
        raise ValueError(f"must be later than now and at most {LONGEST_VALIDITY.days} days ahead")
    return moment
