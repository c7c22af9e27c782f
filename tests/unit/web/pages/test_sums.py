"""Amounts and moments as people write them."""

from datetime import UTC, datetime

import pytest

from paylink.domain.link_form import parse_link
from paylink.domain.money import DECIMALS
from paylink.web.pages.moments import moment_text
from paylink.web.pages.sums import NBSP, currency_name, price_text, sum_text

from .views import COFFEE, DONATION


@pytest.mark.parametrize(
    ("minor", "currency", "language", "written"),
    [
        (150000, "KZT", "ru", "1_500_₸"),
        (150000, "KZT", "kz", "1_500_₸"),
        (150000, "KZT", "en", "₸1,500"),
        (150050, "KZT", "ru", "1_500,50_₸"),
        (150005, "KZT", "en", "₸1,500.05"),
        (99, "USD", "ru", "0,99_$"),
        (99_999_999_00, "KZT", "uz", "99_999_999_₸"),
        (1500000, "UZS", "uz", "15_000_soʻm"),  # noqa: RUF001 — Uzbek's own letter
        (1500000, "UZS", "ru", "15_000_сум"),
        (1500000, "UZS", "en", "UZS_15,000"),
        (5000, "KGS", "kg", "50_сом"),
        (5000, "BYN", "ru", "50_BYN"),
        (15000, "KRW", "ru", "15_000_₩"),
    ],
)
def test_a_sum(minor: int, currency: str, language: str, written: str) -> None:
    assert sum_text(minor, currency, language) == written.replace("_", NBSP)


def test_no_sum_breaks_over_two_lines() -> None:
    for currency in DECIMALS:
        for language in ("ru", "kz", "kg", "uz", "en"):
            assert " " not in sum_text(123456789, currency, language)
            assert currency_name(currency, language)


def test_the_price_of_a_link() -> None:
    assert price_text(parse_link(COFFEE), "ru") == f"1{NBSP}500{NBSP}₸"
    least, most = price_text(parse_link(DONATION), "en").split(" \N{EN DASH} ")
    assert (least, most) == ("₸100", "₸500,000")


@pytest.mark.parametrize(
    ("region", "language", "written"),
    [
        ("kz", "ru", "01.01.2027, 00:30 (UTC+5)"),
        ("kg", "kg", "01.01.2027, 01:30 (UTC+6)"),
        ("uz", "uz", "01.01.2027, 00:30 (UTC+5)"),
        ("kz", "en", "1 January 2027, 00:30 (UTC+5)"),
    ],
)
def test_a_moment_is_told_in_the_shops_time(region: str, language: str, written: str) -> None:
    assert moment_text(datetime(2026, 12, 31, 19, 30, tzinfo=UTC), region, language) == written


def test_a_year_has_four_digits() -> None:
    assert moment_text(datetime(9999, 12, 31, 10, 0, tzinfo=UTC), "kz", "ru").startswith("31.12.9999,")
