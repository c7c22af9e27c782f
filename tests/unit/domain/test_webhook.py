"""Standard Webhooks: signatures, keys, and their overlap."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from paylink.domain.errors import NotConfigured
from paylink.domain.webhook import (
    WebhookKeys,
    parse_webhook_key,
    parse_webhook_secret,
    sign,
    signature_headers,
)

# The example that the specification's own libraries are tested with.
KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, TIMESTAMP, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
OTHER = base64.b64encode(bytes(range(32))).decode()


def test_the_published_example() -> None:
    assert sign(parse_webhook_key(KEY), ID, TIMESTAMP, BODY) == SIGNATURE


def test_the_headers() -> None:
    keys = WebhookKeys(parse_webhook_key(KEY))
    moment = datetime.fromtimestamp(TIMESTAMP, UTC) + timedelta(milliseconds=700)
    assert signature_headers(keys, ID, BODY, moment) == {
        "webhook-id": ID,
        "webhook-timestamp": str(TIMESTAMP),
        "webhook-signature": SIGNATURE,
    }


def test_while_keys_overlap_each_of_them_signs() -> None:
    until = (NOW + timedelta(hours=24)).isoformat()
    keys = parse_webhook_secret({"current": OTHER, "previous": [{"secret": KEY, "accept_until": until}]})
    header = signature_headers(keys, "evt_1", "тело".encode(), NOW)["webhook-signature"]
    content = f"evt_1.{int(NOW.timestamp())}.тело".encode()
    expected = [
        hmac.new(base64.b64decode(key), content, hashlib.sha256).digest()
        for key in (OTHER, KEY.removeprefix("whsec_"))
    ]
    assert [base64.b64decode(part.removeprefix("v1,")) for part in header.split(" ")] == expected
    after = signature_headers(keys, "evt_1", b"", NOW + timedelta(hours=24))["webhook-signature"]
    assert " " not in after


@pytest.mark.parametrize(("seconds", "count"), [(-1, 2), (0, 1), (1, 1)])
def test_a_former_key_signs_until_its_time_and_never_after(seconds: int, count: int) -> None:
    keys = parse_webhook_secret(
        {"current": OTHER, "previous": [{"secret": KEY, "accept_until": NOW.isoformat()}]}
    )
    assert len(keys.signing(NOW + timedelta(seconds=seconds))) == count


@pytest.mark.parametrize("stray", ["!", "-", "_", " ", "\n", "ж"])
def test_a_key_with_a_stray_sign_is_refused_rather_than_read_as_another(stray: str) -> None:
    with pytest.raises(ValueError, match="whsec_ and base64"):
        parse_webhook_key(f"{KEY[:20]}{stray}{KEY[20:]}")


@pytest.mark.parametrize("size", [24, 33, 64])
def test_a_key_with_or_without_its_prefix(size: int) -> None:
    text = base64.b64encode(b"k" * size).decode()
    assert parse_webhook_key(text) == parse_webhook_key(f"whsec_{text}") == b"k" * size


@pytest.mark.parametrize(
    "key",
    [None, 7, "", "whsec_", "short", "not base64 at all!", base64.b64encode(b"k" * 23).decode(), KEY[:-1],
     base64.b64encode(b"k" * 65).decode()],
)  # fmt: skip
def test_what_is_no_key_never_signs(key: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 — its text is held by the next line
        parse_webhook_key(key)
    with pytest.raises(NotConfigured, match="current"):
        parse_webhook_secret({"current": key})
    ignored = parse_webhook_secret(
        {"current": KEY, "previous": [{"secret": key, "accept_until": NOW.isoformat()}]}
    )
    assert ignored.previous == ()


@pytest.mark.parametrize("document", [None, [], "text", 1])
def test_a_secret_of_another_shape(document: object) -> None:
    with pytest.raises(NotConfigured):
        parse_webhook_secret(document)


@pytest.mark.parametrize(
    "previous", [None, {}, "x", [None], [{"secret": KEY}], [{"secret": KEY, "accept_until": "soon"}]]
)
def test_an_unusable_former_key_does_not_stop_the_present_one(previous: object) -> None:
    keys = parse_webhook_secret({"current": KEY, "previous": previous})
    assert len(keys.signing(NOW)) == 1


def test_keys_are_not_shown() -> None:
    until = NOW.isoformat()
    keys = parse_webhook_secret({"current": OTHER, "previous": [{"secret": KEY, "accept_until": until}]})
    assert "b'" not in repr(keys)
