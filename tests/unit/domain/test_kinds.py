"""Kinds of values: the right ones typed, the wrong ones with what to change."""

import pytest

from paylink.domain import kinds
from paylink.domain.text import LANGUAGES

LONG_LABEL = "a" * 64
LONG_HOST = ".".join(["b" * 63] * 3)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("buyer@example.com", "buyer@example.com"),
        ("a.b+c@mail.example.kz", "a.b+c@mail.example.kz"),
        ("покупатель@пример.қаз", "покупатель@пример.қаз"),
        (f"{LONG_LABEL}@example.com", f"{LONG_LABEL}@example.com"),
        (f"{'a' * 62}@{LONG_HOST}", f"{'a' * 62}@{LONG_HOST}"),
    ],
)
def test_an_email_address(given: str, kept: str) -> None:
    assert kinds.email(given) == kept


@pytest.mark.parametrize(
    "value",
    [
        "",
        "buyer",
        "@example.com",
        "buyer@",
        "buyer@example",
        "buyer@.com",
        "buyer@example..com",
        "buyer@example.com ",
        "buyer @example.com",
        "a@b@example.com",
        "a;b@example.com",
        "buyer@exam;ple.com",
        "<buyer@example.com>",
        "buyer@example.com\n",
        "buyer\x00@example.com",
        f"{LONG_LABEL}a@example.com",
        f"{'a' * 63}@{LONG_HOST}",
        "a@" + ".".join(["b" * 63] * 5),
        ["buyer@example.com"],
        1,
        True,
    ],
)
def test_what_is_no_email_address(value: object) -> None:
    with pytest.raises(ValueError, match="e-mail"):
        kinds.email(value)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("+7 777 123 45 67", "77771234567"),
        ("77771234567", "77771234567"),
        ("+7 (777) 123-45-67", "77771234567"),
        ("+996\u00a0555\u00a0123\u00a0456", "996555123456"),
        ("1234567890", "1234567890"),
        ("123456789012345", "123456789012345"),
        ("+7 777 123 45 67".ljust(32), "77771234567"),
    ],
)
def test_a_phone_number_is_its_digits(given: str, kept: str) -> None:
    assert kinds.phone(given) == kept


@pytest.mark.parametrize(
    "value",
    [
        "",
        "+",
        "123456789",
        "1234567890123456",
        "7777123456a",
        "\uff17\uff17\uff17\uff17\uff11\uff12\uff13\uff14\uff15\uff16\uff17",
        "7777;1234567",
        "+7 777 123 45 67".ljust(33),
        "+7.777.123.45.67",
        77771234567,
        True,
        None,
    ],
)
def test_what_is_no_phone_number(value: object) -> None:
    with pytest.raises(ValueError, match="country code"):
        kinds.phone(value)


@pytest.mark.parametrize("value", ["a", "user_1", "A-b-C", "0" * 50])
def test_a_buyers_id(value: str) -> None:
    assert kinds.simple_id(value) == value


@pytest.mark.parametrize("value", ["", "0" * 51, "a b", "a;b", "a.b", "ж", "a\n", 7, None])
def test_what_is_no_buyers_id(value: object) -> None:
    with pytest.raises(ValueError, match="1 to 50"):
        kinds.simple_id(value)


@pytest.mark.parametrize("value", ["1", "INV-2026/001", "a:b<c>{}|~!", "x" * 64])
def test_an_id_of_another_system(value: str) -> None:
    assert kinds.visible_id(value) == value


@pytest.mark.parametrize("value", ["", "x" * 65, "a b", "a;b", ";", "ж", "a\n", "\x00", 7, 7.0, None, []])
def test_what_is_no_id_of_another_system(value: object) -> None:
    with pytest.raises(ValueError, match="1 to 64"):
        kinds.visible_id(value)


@pytest.mark.parametrize(
    "value",
    [
        "https://shop.example",
        "https://shop.example/thanks?a=1&b=%D0%B6#part",
        "https://shop.example:8443/",
        "https://xn--e1afmkfd.xn--80ao21a/",
        "HTTPS://Shop.Example/",
        "http://127.0.0.1:8088/shop",
        "http://localhost/",
        "http://[::1]:8088/",
        "https://my_bucket.s3.example/",
        "https://shop.example/".ljust(512, "a"),
    ],
)
def test_a_web_address(value: str) -> None:
    assert kinds.web_url(value) == value


@pytest.mark.parametrize(
    "value",
    [
        "",
        "shop.example",
        "//shop.example/",
        "/thanks",
        "https:",
        "https://",
        "https:///thanks",
        "https://:443/",
        "http://shop.example/",
        "http://127.0.0.2/",
        "http://localhost.shop.example/",
        "ftp://shop.example/",
        "ftp://localhost/",
        "wss://shop.example/",
        "wss://localhost/",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://user@shop.example/",
        "https://user:pass@shop.example/",
        "https://shop.example@evil.example/",
        "https://shop.example\\@evil.example/",
        "https://shop.example/a b",
        "https://shop.example/\n",
        "\thttps://shop.example/",
        "https://shop.example/<script>",
        'https://shop.example/"',
        "https://shop.example/`",
        "https://shop.example/ж",
        "https://шоп.example/",
        "https://shop.example:99999/",
        "https://shop.example:port/",
        "https://[::1",
        "https://[nonsense]/",
        "https://shop.example;sandbox/",
        "https://shop.example,default-src/",
        "https://'self'/",
        "https://*.example/",
        "https://shop%2eexample/",
        "https://[::1%25lo]/",
        "https://shop.example/".ljust(513, "a"),
        7,
        None,
        ["https://shop.example/"],
    ],
)
def test_what_is_no_safe_web_address(value: object) -> None:
    with pytest.raises(ValueError, match=r"must (be|have|not contain)"):
        kinds.web_url(value)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://shop.example", "https://shop.example"),
        ("https://shop.example/a/b?c#d", "https://shop.example"),
        ("HTTPS://Shop.Example/", "https://shop.example"),
        ("https://shop.example:443/", "https://shop.example"),
        ("https://shop.example:8443/", "https://shop.example:8443"),
        ("http://localhost:80/", "http://localhost"),
        ("http://localhost:443/", "http://localhost:443"),
        ("http://[::1]:8088/", "http://[::1]:8088"),
        ("https://shop.example.evil.example/", "https://shop.example.evil.example"),
    ],
)
def test_an_origin_is_written_as_browsers_do(url: str, origin: str) -> None:
    assert kinds.origin_of(url) == origin


@pytest.mark.parametrize("value", [1, 5, 10])
def test_a_whole_number_within_bounds(value: int) -> None:
    assert kinds.whole(1, 10)(value) == value


@pytest.mark.parametrize("value", [0, 11, -1, 1.0, "1", True, False, None, 10**50, [1]])
def test_what_is_no_whole_number_within_bounds(value: object) -> None:
    with pytest.raises(ValueError, match="whole number from 1 to 10"):
        kinds.whole(1, 10)(value)


@pytest.mark.parametrize("value", ["true", 0, 1, None, "", []])
def test_what_is_not_true_or_false(value: object) -> None:
    with pytest.raises(ValueError, match="true or false"):
        kinds.boolean(value)


@pytest.mark.parametrize("value", ["c", "A", "", None, 1, ["a"], {"a": 1}])
def test_what_is_not_one_of_the_words(value: object) -> None:
    assert kinds.one_of("a", "b")("b") == "b"
    with pytest.raises(ValueError, match="one of: a, b"):
        kinds.one_of("a", "b")(value)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "string"),
        (7, "string"),
        ("", "1 to 5"),
        ("   ", "blank"),
        ("abcdef", "1 to 5"),
        ("a\nb", "control"),
        ("\ud800", "control"),
    ],
)
def test_what_is_no_bounded_string(value: object, reason: str) -> None:
    assert kinds.bounded(5)("abcde") == "abcde"
    with pytest.raises(ValueError, match=reason):
        kinds.bounded(5)(value)


@pytest.mark.parametrize("value", ["", " ", "a"])
def test_a_string_that_may_be_empty(value: str) -> None:
    assert kinds.string(value, longest=5, shortest=0) == value


@pytest.mark.parametrize(
    "value",
    [
        "Coffee",
        dict.fromkeys(LANGUAGES, "Coffee"),
        {"ru": "Кофе"},
        {"ru": "Кофе", "en": "Coffee", "kz": "Кофе"},
    ],
)
def test_a_text_or_one_per_language(value: object) -> None:
    assert kinds.localized(10)(value) == value


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"de": "Kaffee"},
        {"ru": "Кофе", "": "x"},
        {"ru": ""},
        {"ru": 7},
        {"ru": None},
        {"ru": "x" * 11},
        "",
        7,
        [],
    ],
)
def test_what_is_no_text_by_language(value: object) -> None:
    with pytest.raises(ValueError, match="must"):
        kinds.localized(10)(value)
