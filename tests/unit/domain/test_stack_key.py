"""What the stack's own key makes."""

import itertools

import pytest

from paylink.domain.errors import NotConfigured
from paylink.domain.stack_key import StackKey, is_order_id

KEY = StackKey("k" * 31 + "1")
OTHER = StackKey("k" * 31 + "2")


def test_an_order_id_is_a_prefix_and_26_characters() -> None:
    order_id = KEY.order_id("payment", "500001", "0f8fad5b-d9cb-469f-a165-70867728950e")
    assert is_order_id(order_id)
    assert order_id.startswith("pl_")
    assert len(order_id) == 29


def test_the_same_key_makes_the_same_order_id() -> None:
    again = StackKey("k" * 31 + "1")
    assert KEY.order_id("payment", "1", "a" * 16) == again.order_id("payment", "1", "a" * 16)


def test_what_a_key_makes_stays_the_same_over_releases() -> None:
    # Orders in flight and offers on built pages depend on these: with other values a repeat pays twice.
    order_id = KEY.order_id("payment", "500001", "0f8fad5b-d9cb-469f-a165-70867728950e")
    assert order_id == "pl_3ekpd7fq8qnmyqc8gjnzve6h0c"
    assert KEY.fingerprint({"link": "кофе", "quantity": 2}) == "6321d4b9b38d88374d042f8c13b347c5"
    assert KEY.offer_key_id == "a22a2e58"
    assert (
        KEY.sign_offer(b"v1.{}").hex() == "22c233a9ac62bed5e0e5024e3054f94447d7cc7b8b8708aa41dc0091c37456e3"
    )


def test_whatever_differs_makes_another_order_id() -> None:
    # Were the parts simply put together, several of these would be one.
    parts = [*itertools.product(["a", "ab", "abc", ""], ["bc", "c", "", "1"], ["c", "bc", "", '","'])]
    ids = {key.order_id(*three) for key in (KEY, OTHER) for three in parts}
    assert len(ids) == 2 * len(parts)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pl_",
        "pl_0123456789abcdefghjkmnpqr",
        "pl_0123456789abcdefghjkmnpqrst",
        "pl_8123456789abcdefghjkmnpqrs",
        "pl_0123456789abcdefghjkmnpqri",
        "pl_0123456789abcdefghjkmnpqrl",
        "pl_0123456789abcdefghjkmnpqro",
        "pl_0123456789abcdefghjkmnpqru",
        "PL_0123456789ABCDEFGHJKMNPQRS",
        "pl_0123456789abcdefghjkmnpqrs\n",
        " pl_0123456789abcdefghjkmnpqrs",
        "xx_0123456789abcdefghjkmnpqrs",
        "links",
        "unknown",
    ],
)
def test_what_is_no_order_id(text: str) -> None:
    assert not is_order_id(text)


def test_what_is_an_order_id() -> None:
    assert is_order_id("pl_0123456789abcdefghjkmnpqrs")
    assert is_order_id("pl_7zzzzzzzzzzzzzzzzzzzzzzzzz")


def test_a_fingerprint_does_not_depend_on_the_order_of_names() -> None:
    assert KEY.fingerprint({"a": 1, "b": {"c": "x", "d": None}}) == KEY.fingerprint(
        {"b": {"d": None, "c": "x"}, "a": 1}
    )


def test_whatever_differs_makes_another_fingerprint() -> None:
    contents = [{}, {"a": 1}, {"a": "1"}, {"a": None}, {"a": [1]}, {"b": 1}, {"a": "ж"}, {"a": "\\u0436"}]
    prints = {key.fingerprint(content) for key in (KEY, OTHER) for content in contents}
    assert len(prints) == 2 * len(contents)
    assert all(len(text) == 32 for text in prints)


def test_no_value_made_for_one_purpose_passes_for_another() -> None:
    content = {"a": 1}
    assert KEY.fingerprint(content) not in KEY.sign_offer(b'{"a":1}').hex()
    assert KEY.sign_offer(b"x") != OTHER.sign_offer(b"x")
    assert KEY.offer_key_id != OTHER.offer_key_id


@pytest.mark.parametrize("key", ["", "short", "k" * 31])
def test_a_short_key_is_not_the_generated_one(key: str) -> None:
    with pytest.raises(NotConfigured):
        StackKey(key)


def test_its_text_shows_nothing() -> None:
    assert repr(KEY) == str(KEY) == "StackKey(...)"
