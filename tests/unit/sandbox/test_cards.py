"""The provider's test cards, and the card form."""

from datetime import UTC, datetime

import pytest

from freedompay_sandbox import cards

NOW = datetime(2026, 3, 2, tzinfo=UTC)
GOOD = {"number": "4716 0472 6194 1981", "expiry": "03/26", "cvv": "123", "owner": "TEST BUYER"}


@pytest.mark.parametrize("card", cards.TEST_CARDS, ids=lambda card: card.pan)
def test_every_test_card_is_found_by_any_spelling(card):
    assert cards.find(card.spaced) is card
    assert cards.find(card.pan) is card
    assert cards.form_errors(**{**GOOD, "number": card.spaced}, now=NOW) == {}


def test_what_each_card_does():
    assert {card.pan for card in cards.TEST_CARDS if card.pays} == {
        "4716047261941981",
        "4916307416334310",
        "5367654276102126",
        "4939770956154989",
        "6224466455690681278",
        "623275279933273424",
        "62528733472390953",
    }
    assert [card.pan for card in cards.TEST_CARDS if card.three_ds] == [
        "4916307416334310",
        "5367654276102126",
    ]
    assert cards.find("4716047261941981").outcome == "pays"
    assert cards.find("4916307416334310").outcome == "asks for 3D Secure, then pays"
    assert cards.find("5335215945367703").outcome == "declined: insufficient funds"


def test_a_card_that_is_no_test_card_is_declined():
    card = cards.find("4444 4444 4444 6666")
    assert (card.pays, card.failure_code) == (False, "99999")


def test_masks():
    assert cards.find("4716047261941981").masked == "4716-04XX-XXXX-1981"
    assert cards.find("6224466455690681278").masked == "6224-46XX-XXXX-XXX1-278"


@pytest.mark.parametrize("number", ["", "4716", "4716047261941982", "4716a47261941981", "\u0664" * 16])
def test_what_is_no_card_number(number):
    with pytest.raises(ValueError, match="card number"):
        cards.find(number)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", "1234"),
        ("expiry", "02/26"),
        ("expiry", "13/30"),
        ("expiry", "1230"),
        ("expiry", ""),
        ("cvv", "12"),
        ("cvv", "1234"),
        ("owner", "BUYER"),
        ("owner", "Айгуль Ким"),
        ("owner", ""),
    ],
)
def test_the_form_says_what_is_wrong(field, value):
    assert list(cards.form_errors(**{**GOOD, field: value}, now=NOW)) == [field]


def test_declining_codes_have_texts():
    assert all(card.failure_code in cards.DECLINE_TEXTS for card in cards.TEST_CARDS if not card.pays)
