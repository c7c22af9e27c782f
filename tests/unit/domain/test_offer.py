"""Signed offers: what was signed is read back, anything else is refused."""

import base64
import json
import string
from dataclasses import replace
from datetime import timedelta

import pytest

from paylink.domain.errors import AlteredOffer, InvalidRequest, OfferExpired
from paylink.domain.offer import Offer, read_token, write_token
from paylink.domain.payment_request import parse_payment_request
from paylink.domain.stack_key import StackKey
from unit.domain.examples import MINOR, NOW

KEY = StackKey("the-stack-key-of-these-tests-0123456789")
OFFER = Offer("cap-7", "Кепка «Степь»", MINOR, "KZT", NOW, NOW + timedelta(days=30))
FULL = replace(OFFER, limit=5, metadata={"colour": "синий", "size": "L"})


@pytest.mark.parametrize("offer", [OFFER, FULL])
def test_an_offer_is_read_as_it_was_signed(offer: Offer) -> None:
    assert read_token(write_token(offer, KEY), KEY, NOW) == offer


def test_a_token_goes_into_a_page_as_it_is() -> None:
    allowed = set(string.ascii_letters + string.digits + "-_.")
    assert set(write_token(FULL, KEY)) <= allowed


def test_every_single_changed_character_is_refused() -> None:
    token = write_token(OFFER, KEY)
    for place, character in enumerate(token):
        for other in {"A", "B", "-", ".", "=", " ", "ж", chr(ord(character) ^ 1)} - {character}:
            with pytest.raises(AlteredOffer):
                read_token(token[:place] + other + token[place + 1 :], KEY, NOW)


def test_every_single_missing_or_doubled_character_is_refused() -> None:
    token = write_token(OFFER, KEY)
    for place in range(len(token)):
        for altered in (token[:place] + token[place + 1 :], token[:place] + token[place] + token[place:]):
            with pytest.raises(AlteredOffer):
                read_token(altered, KEY, NOW)


def test_a_token_cut_anywhere_is_refused() -> None:
    token = write_token(OFFER, KEY)
    for length in range(len(token)):
        with pytest.raises(AlteredOffer):
            read_token(token[:length], KEY, NOW)


@pytest.mark.parametrize("extra", ["", "=", "==", "A", ".", ".AAAA", "\n", " "])
@pytest.mark.parametrize("token", ["", "v1", "v1..", "..", "v1.e30.", "v1..e30", "v2.e30.e30"])
def test_what_is_no_token_is_refused(token: str, extra: str) -> None:
    with pytest.raises(AlteredOffer):
        read_token(token + extra, KEY, NOW)


def test_a_lower_price_under_the_old_signature_is_refused() -> None:
    version, payload, signature = write_token(OFFER, KEY).split(".")
    content = json.loads(base64.urlsafe_b64decode(payload + "=="))
    assert content["p"] == MINOR
    content["p"] = 1
    forged = base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
    with pytest.raises(AlteredOffer):
        read_token(f"{version}.{forged}.{signature}", KEY, NOW)


def test_an_offer_of_another_stack_is_refused() -> None:
    token = write_token(OFFER, StackKey("the-stack-key-of-other-people-0123456789"))
    with pytest.raises(AlteredOffer):
        read_token(token, KEY, NOW)


@pytest.mark.parametrize(("seconds", "expired"), [(-1, False), (0, True), (1, True)])
def test_an_offer_ends_at_its_time(seconds: int, *, expired: bool) -> None:
    token = write_token(OFFER, KEY)
    moment = OFFER.expires_at + timedelta(seconds=seconds)
    if not expired:
        assert read_token(token, KEY, moment) == OFFER
        return
    with pytest.raises(OfferExpired, match="expired at 2026-03-31"):
        read_token(token, KEY, moment)


@pytest.mark.parametrize("validity", [timedelta(0), timedelta(seconds=-1), timedelta(days=90, seconds=1)])
def test_no_offer_is_signed_for_no_time_or_for_more_than_90_days(validity: timedelta) -> None:
    with pytest.raises(ValueError, match="90 days"):
        write_token(replace(OFFER, expires_at=NOW + validity), KEY)


def test_an_offer_may_stand_for_90_days() -> None:
    offer = replace(OFFER, expires_at=NOW + timedelta(days=90))
    assert read_token(write_token(offer, KEY), KEY, NOW) == offer


def test_another_spelling_of_the_same_signature_is_refused() -> None:
    """The last character has two bits to spare; each way of setting them decodes to the same bytes."""
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    seen = set()
    for number in range(100):
        token = write_token(replace(OFFER, id=f"cap-{number}"), KEY)
        seen.add(token[-1])
        for spare in (1, 2, 3):
            with pytest.raises(AlteredOffer):
                read_token(token[:-1] + alphabet[alphabet.index(token[-1]) + spare], KEY, NOW)
    assert {"8", "A"} <= seen, "both a spelling that sorts before the true one and one after it"


def test_a_title_takes_no_more_of_a_token_than_its_letters() -> None:
    _, payload, _ = write_token(OFFER, KEY).split(".")
    assert OFFER.title.encode() in base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))


def test_a_page_sends_up_to_8000_characters_as_an_offer() -> None:
    assert parse_payment_request({"offer": "v" * 8000}).offer == "v" * 8000
    with pytest.raises(InvalidRequest):
        parse_payment_request({"offer": "v" * 8001})
