"""Amounts of every size and spelling: what is read is what was written, to the last minor unit."""

from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from paylink.domain.money import (
    DECIMALS,
    LARGEST_MAJOR,
    format_major,
    from_decimal,
    parse_major,
    to_decimal,
)

CURRENCIES = st.sampled_from(sorted(DECIMALS))
MINOR = st.integers(1, LARGEST_MAJOR * 100 + 99)
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.integers(),
    st.text(max_size=12),
    st.text("0123456789.,-+eE ", max_size=12),
    st.lists(st.integers(), max_size=2),
    st.binary(max_size=5),
    st.decimals(),
)


def largest(currency: str) -> int:
    return LARGEST_MAJOR * 10 ** DECIMALS[currency] + 10 ** DECIMALS[currency] - 1


@given(MINOR, CURRENCIES)
def test_an_amount_survives_being_written_and_read(minor: int, currency: str) -> None:
    minor = min(minor, largest(currency))
    text = format_major(minor, currency)
    assert parse_major(text, currency) == minor
    assert str(to_decimal(minor, currency)) == text
    assert from_decimal(Decimal(text), currency) == minor


@given(MINOR, CURRENCIES)
def test_every_spelling_of_an_amount_is_the_same_amount(minor: int, currency: str) -> None:
    minor = min(minor, largest(currency))
    text = format_major(minor, currency)
    short = text.rstrip("0").rstrip(".") if "." in text else text
    long = text if "." in text else f"{text}.00"
    assert {parse_major(spelling, currency) for spelling in (text, short, long)} == {minor}
    if short.isdigit():
        assert parse_major(int(short), currency) == minor


@given(ANYTHING, CURRENCIES)
@example(True, "KZT")
@example("1500.000", "KZT")
@example("\uff11", "KZT")
def test_whatever_is_taken_is_worth_what_it_says(value: object, currency: str) -> None:
    try:
        minor = parse_major(value, currency)
    except ValueError:
        return
    assert isinstance(value, int | str)
    assert not isinstance(value, bool)
    assert to_decimal(minor, currency) == Decimal(value)
    assert 0 < minor <= largest(currency)


@given(st.integers(0, 10**16), st.integers(0, 6), CURRENCIES)
def test_the_gateways_decimals_are_exact_or_nothing(number: int, places: int, currency: str) -> None:
    amount = Decimal(number).scaleb(-places)
    minor = from_decimal(amount, currency)
    if minor is None:
        assert amount != amount.quantize(Decimal(1).scaleb(-DECIMALS[currency]))
    else:
        assert to_decimal(minor, currency) == amount
