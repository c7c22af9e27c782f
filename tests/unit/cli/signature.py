"""AWS Signature Version 4 worked out anew from what arrived, without the SDK."""

import hashlib
import hmac
from urllib.parse import quote, unquote

from unit.cli.fake_api import Asked


def expected_authorization(asked: Asked, *, secret: str, access_key: str, region: str) -> str:
    """The Authorization header that a request of these headers should carry."""
    names = _signed_names(asked)
    stamp = asked.headers["x-amz-date"]
    path, _, query = asked.target.partition("?")
    # Each segment is encoded once more than it travels; a query's names and values are encoded just once.
    pairs = sorted(pair.partition("=")[::2] for pair in query.split("&") if pair)
    canonical = "\n".join(
        (
            asked.method,
            quote(path, safe="/~-._"),
            "&".join(f"{_once(name)}={_once(value)}" for name, value in pairs),
            *(f"{name}:{asked.headers[name].strip()}" for name in names),
            "",
            ";".join(names),
            hashlib.sha256(asked.raw).hexdigest(),
        )
    )
    scope = f"{stamp[:8]}/{region}/execute-api/aws4_request"
    text = "\n".join(("AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()))
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    return f"AWS4-HMAC-SHA256 Credential={access_key}/{scope}, SignedHeaders={';'.join(names)}, Signature={signature}"


def _signed_names(asked: Asked) -> list[str]:
    part = asked.headers["authorization"].split("SignedHeaders=")[1].split(",")[0]
    return part.split(";")


def _once(text: str) -> str:
    return quote(unquote(text), safe="~-._")
