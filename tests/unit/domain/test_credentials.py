"""The merchant's keys: which are keys at all, and until when former ones verify."""

from datetime import timedelta

import pytest

from paylink.domain.clock import to_text
from paylink.domain.credentials import parse_merchant_secret, usable
from paylink.domain.errors import NotConfigured
from unit.domain.examples import NOW

KEY = "s3cr3tReceiveKey"
FORMER = "f0rmerReceiveKey"


@pytest.mark.parametrize(
    "key",
    [
        KEY,
        "aB3dE5gH",
        "UvxUXEhBlbrtSP1E",
        "with spaces inside 1",
        "ключ-магазина-42",
        "12345678",
        "abcdabcdabcd",
    ],
)
def test_a_real_key_is_usable(key: str) -> None:
    assert usable(key)


@pytest.mark.parametrize(
    "key",
    [
        None,
        0,
        12345678,
        True,
        [KEY],
        {"key": KEY},
        b"s3cr3tReceiveKey",
        "",
        " " * 16,
        "a" * 16,
        "abababababab",
        "abcabcabcabc",
        "xxxxxxxxxxxxxxxx",
        "0000000000000000",
        "aB3dE5g",
        f" {KEY}",
        f"{KEY}\n",
        "changeme",
        "CHANGE_ME_NOW",
        "change-this-key",
        "placeholder-value",
        "REPLACE_ME",
        "replace-with-your-key",
        "your-secret-key",
        "yourkeyhere",
        "merchant-secret",
        "secret-key",
        "SecretKey",
        "password",
        "my_secret_key",
        "example-key-1",
        "undefined",
        "<secret key>",
        "the key goes here>",
        "{{secret_key}}",
        "${SECRET_KEY}",
        "$SECRET_KEY",
        "!Ref MerchantSecret",
        "arn:aws:secretsmanager:eu-central-1:1:secret:x",
    ],
)
def test_what_stands_in_for_a_key_is_not_usable(key: object) -> None:
    assert not usable(key)


def test_the_secret_is_read() -> None:
    keys = parse_merchant_secret({"merchant_id": "500001", "secret_key": KEY})
    assert (keys.merchant_id, keys.secret_key, keys.previous) == ("500001", KEY, ())
    assert keys.verifying(NOW) == (KEY,)


def test_a_merchant_number_may_be_a_number_or_long() -> None:
    assert parse_merchant_secret({"merchant_id": "1" * 20, "secret_key": KEY}).merchant_id == "1" * 20
    assert parse_merchant_secret({"merchant_id": 500001, "secret_key": KEY}).merchant_id == "500001"


@pytest.mark.parametrize("document", [None, "", "text", [], [{"merchant_id": "1", "secret_key": KEY}], 7])
def test_a_secret_that_is_no_object_is_no_configuration(document: object) -> None:
    with pytest.raises(NotConfigured, match="not a JSON object"):
        parse_merchant_secret(document)


@pytest.mark.parametrize(
    "merchant_id", [None, "", "shop", "5 1", "-1", "1.0", 1.5, True, "\uff11\uff12\uff13", "1" * 21, ["1"]]
)
def test_a_secret_without_a_merchant_number_is_no_configuration(merchant_id: object) -> None:
    with pytest.raises(NotConfigured, match="merchant_id"):
        parse_merchant_secret({"merchant_id": merchant_id, "secret_key": KEY})


@pytest.mark.parametrize("secret_key", [None, "", "short", "changeme", 12345678])
def test_a_secret_without_a_usable_key_is_no_configuration(secret_key: object) -> None:
    with pytest.raises(NotConfigured, match="secret_key") as refused:
        parse_merchant_secret({"merchant_id": "500001", "secret_key": secret_key, "previous": [former(60)]})
    assert str(secret_key or "no key") not in str(refused.value)


def former(seconds: float) -> dict[str, str]:
    return {"secret_key": FORMER, "accept_until": to_text(NOW + timedelta(seconds=seconds))}


@pytest.mark.parametrize(("seconds", "verifies"), [(1, True), (0.001, True), (0, False), (-1, False)])
def test_a_former_key_verifies_until_its_time(seconds: float, *, verifies: bool) -> None:
    secret = {"merchant_id": "500001", "secret_key": KEY, "previous": [former(seconds)]}
    keys = parse_merchant_secret(secret)
    assert keys.verifying(NOW) == ((KEY, FORMER) if verifies else (KEY,))
    assert keys.former(NOW) == ((FORMER,) if verifies else ())


@pytest.mark.parametrize(
    "entry",
    [
        None,
        FORMER,
        [],
        {},
        {"secret_key": FORMER},
        {"secret_key": FORMER, "accept_until": ""},
        {"secret_key": FORMER, "accept_until": None},
        {"secret_key": FORMER, "accept_until": "2030-01-01"},
        {"secret_key": FORMER, "accept_until": "2030-01-01T00:00:00"},
        {"secret_key": FORMER, "accept_until": "9999-12-31T23:59:59-05:00"},
        {"secret_key": FORMER, "accept_until": 1900000000},
        {"secret_key": "", "accept_until": "2030-01-01T00:00:00Z"},
        {"secret_key": "changeme", "accept_until": "2030-01-01T00:00:00Z"},
        {"accept_until": "2030-01-01T00:00:00Z"},
    ],
)
def test_an_unreadable_former_key_is_left_out_and_stops_nothing(entry: object) -> None:
    secret = {"merchant_id": "500001", "secret_key": KEY, "previous": [entry, former(60)]}
    assert parse_merchant_secret(secret).verifying(NOW) == (KEY, FORMER)


@pytest.mark.parametrize("previous", [None, "", {}, FORMER, 0])
def test_former_keys_that_are_no_list_are_none(previous: object) -> None:
    keys = parse_merchant_secret({"merchant_id": "500001", "secret_key": KEY, "previous": previous})
    assert keys.verifying(NOW) == (KEY,)


def test_no_text_of_the_keys_shows_one() -> None:
    keys = parse_merchant_secret({"merchant_id": "500001", "secret_key": KEY, "previous": [former(60)]})
    for text in (repr(keys), str(keys), repr(keys.previous)):
        assert KEY not in text
        assert FORMER not in text
