"""The Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header)."""

import pytest

from paylink.domain.errors import InvalidIdempotencyKey
from paylink.domain.payment_request import parse_idempotency_key

UUID = "8e03978e-40d5-43dd-bc93-6894a57f9324"


@pytest.mark.parametrize(
    ("header", "key"),
    [
        (UUID, UUID),
        (f'"{UUID}"', UUID),
        (f'""{UUID}""', f'"{UUID}"'),
        ("k" * 16, "k" * 16),
        (f'"{"k" * 16}"', "k" * 16),
        ("k" * 255, "k" * 255),
        (f'"{"k" * 255}"', "k" * 255),
        ("!~abc;def,ghi=jk", "!~abc;def,ghi=jk"),
        (f'"{"k" * 15}', f'"{"k" * 15}'),
        (f'{"k" * 15}"', f'{"k" * 15}"'),
        # Other signs at both ends are the key's own; `!` is the one that comes before the quote.
        (f'!{"k" * 16}"', f'!{"k" * 16}"'),
        (f"!{'k' * 16}!", f"!{'k' * 16}!"),
        (f"'{'k' * 16}'", f"'{'k' * 16}'"),
    ],
)
def test_a_key_without_one_pair_of_quotes(header: str, key: str) -> None:
    assert parse_idempotency_key(header) == key


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        '"',
        '""',
        "k" * 15,
        f'"{"k" * 15}"',
        f'"{"k" * 14}',
        "k" * 256,
        f'"{"k" * 256}"',
        f" {UUID}",
        f"{UUID} ",
        f"{UUID}, {UUID}",
        f"{UUID}\n",
        f"{UUID}\x7f",
        f"{UUID}\x00",
        f"{UUID}é",
        "ключ-ключ-ключ-ключ",
        "\u00a0" * 20,
    ],
)
def test_what_is_no_key(header: str | None) -> None:
    with pytest.raises(InvalidIdempotencyKey, match="Idempotency-Key"):
        parse_idempotency_key(header)
