"""Amounts: what is taken, what is refused and why, and how they are written."""

from decimal import Decimal

import pytest

from paylink.domain.money import (
    DECIMALS,
    LARGEST_MAJOR,
    format_major,
    from_decimal,
    is_whole,
    parse_major,
    to_decimal,
)


@pytest.mark.parametrize(
    ("value", "minor"),
    [
        ("1500", 150_000),
        ("1500.5", 150_050),
        ("1500.50", 150_050),
        ("1500.00", 150_000),
        ("0.01", 1),
        ("0.10", 10),
        ("99999999.99", 9_999_999_999),
        (1500, 150_000),
        (1, 100),
        (99_999_999, 9_999_999_900),
    ],
)
def test_a_decimal_string_or_an_integer_is_an_amount(value: object, minor: int) -> None:
    assert parse_major(value, "KZT") == minor


FLOAT = "never a float"
SHAPE = "positive amount"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (1500.0, FLOAT),
        (0.1, FLOAT),
        (float("nan"), FLOAT),
        (True, FLOAT),
        (Decimal(1500), FLOAT),
        (None, FLOAT),
        (["1500"], FLOAT),
        (b"1500", FLOAT),
        ("", SHAPE),
        ("-1", SHAPE),
        (-1, SHAPE),
        ("+1", SHAPE),
        ("01", SHAPE),
        ("00", SHAPE),
        (".5", SHAPE),
        ("5.", SHAPE),
        ("1.005", SHAPE),
        ("1.000", SHAPE),
        ("1e3", SHAPE),
        ("1E3", SHAPE),
        ("0x10", SHAPE),
        ("1_000", SHAPE),
        ("1 000", SHAPE),
        ("1,000", SHAPE),
        ("1500,50", SHAPE),
        (" 1500", SHAPE),
        ("1500 ", SHAPE),
        ("1500\n", SHAPE),
        ("NaN", SHAPE),
        ("Infinity", SHAPE),
        ("\uff11\uff15\uff10\uff10", SHAPE),
        ("\u0661\u0665\u0660\u0660", SHAPE),
        ("1500₸", SHAPE),
        ("100000000", SHAPE),
        (100_000_000, SHAPE),
        pytest.param(10**5000, SHAPE, id="an integer too long to be written"),
        pytest.param(-(10**5000), SHAPE, id="a negative one"),
        pytest.param("9" * 5000, SHAPE, id="a string of 5000 digits"),
        ("0", "more than zero"),
        (0, "more than zero"),
        ("0.00", "more than zero"),
    ],
)
def test_anything_else_is_refused_with_what_to_change(value: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_major(value, "KZT")


@pytest.mark.parametrize(("value", "minor"), [("1500", 1500), ("1500.0", 1500), ("1500.00", 1500), (7, 7)])
def test_a_currency_without_decimals_takes_whole_amounts(value: object, minor: int) -> None:
    assert parse_major(value, "KRW") == minor


@pytest.mark.parametrize("value", ["1500.5", "0.01", "1500.05"])
def test_a_currency_without_decimals_takes_no_fraction(value: str) -> None:
    with pytest.raises(ValueError, match="KRW has 0 decimals"):
        parse_major(value, "KRW")


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (150_000, "KZT", "1500.00"),
        (150_050, "KZT", "1500.50"),
        (1, "KZT", "0.01"),
        (99, "USD", "0.99"),
        (0, "KZT", "0.00"),
        (9_999_999_999, "KZT", "99999999.99"),
        (1500, "KRW", "1500"),
        (0, "KRW", "0"),
    ],
)
def test_an_amount_is_written_with_its_currencys_decimals(minor: int, currency: str, text: str) -> None:
    assert format_major(minor, currency) == text
    assert str(to_decimal(minor, currency)) == text


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("1500", "KZT", 150_000),
        ("1500.5", "KZT", 150_050),
        ("1500.50000", "KZT", 150_050),
        ("0", "KZT", 0),
        ("1500", "KRW", 1500),
        ("1500.00", "KRW", 1500),
        ("1500.005", "KZT", None),
        ("1500.5", "KRW", None),
        ("1500", "XXX", None),
        ("1500", "", None),
        ("1500", "kzt", None),
    ],
)
def test_the_gateways_decimals_become_minor_units_exactly_or_not_at_all(
    amount: str, currency: str, minor: int | None
) -> None:
    assert from_decimal(Decimal(amount), currency) == minor


def test_the_gateways_largest_amount() -> None:
    assert LARGEST_MAJOR == 99_999_999


def test_every_currency_has_its_iso_code_and_decimals() -> None:
    assert all(len(code) == 3 and code.isupper() for code in DECIMALS)
    assert {code for code, decimals in DECIMALS.items() if decimals != 2} == {"KRW"}


def test_every_currency_has_the_decimals_of_its_standard() -> None:
    two = "KZT RUB USD UZS KGS EUR HKD GBP AED CNY INR THB UAH AMD BYN PLN CZK AZN GEL TJS CAD MDL TRY"
    assert {**dict.fromkeys(two.split(), 2), "KRW": 0} == DECIMALS


@pytest.mark.parametrize(
    ("minor", "currency", "whole"),
    [
        (100, "KZT", True),
        (300, "KZT", True),
        (0, "KZT", True),
        (101, "KZT", False),
        (150, "KZT", False),
        (3, "KRW", True),
    ],
)
def test_whole_amounts(minor: int, currency: str, whole: bool) -> None:
    assert is_whole(minor, currency) is whole
