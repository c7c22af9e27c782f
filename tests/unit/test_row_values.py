"""Values of rows read by our own code, held against the SDK's: it is not loaded for what rows are made of."""

from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from paylink.adapters.order_row import plain, value

ENTRIES: list[Any] = [
    "",
    "Чашка кофе",
    True,
    False,
    0,
    -150_000,
    10**38 - 1,
    None,
    {},
    [],
    {"a": [1, "2", {"b": False}], "c": None},
    {"one", "two"},
    {1, 2},
    b"bytes",
]


@pytest.mark.parametrize("entry", ENTRIES, ids=map(str, range(len(ENTRIES))))
def test_a_value_is_written_and_read_as_the_sdk_does(entry: object) -> None:
    written = TypeSerializer().serialize(entry)
    assert _sorted(value(entry)) == _sorted(written)
    read = TypeDeserializer().deserialize(written)
    assert plain(written) == read
    assert type(plain(written)) is type(read)


def test_a_number_is_read_exactly() -> None:
    for text in ("1500", "0.1", "1E+10", "-99999999999999999999999999999999999999"):
        assert str(plain({"N": text})) == str(TypeDeserializer().deserialize({"N": text}))


def test_what_dynamodb_cannot_keep_is_refused() -> None:
    for entry in (1.5, 10**39 + 1, object()):
        with pytest.raises((TypeError, ArithmeticError)):
            value(entry)


def _sorted(written: dict[str, Any]) -> dict[str, Any]:
    [(kind, content)] = written.items()
    return {kind: sorted(content)} if kind in {"SS", "NS"} else written
