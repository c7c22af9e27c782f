"""A signed offer to try, made with the local stack's own key."""

import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from paylink.domain.offer import Offer, write_token
from paylink.domain.stack_key import StackKey

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

_VALIDITY = timedelta(days=1)


def example_offer(client: "SecretsManagerClient", stack_secret: str) -> str:
    """Return the token of an offer of 990.00 KZT, valid for a day."""
    key = StackKey(json.loads(client.get_secret_value(SecretId=stack_secret)["SecretString"])["key"])
    now = datetime.now(UTC)
    offer = Offer(
        id=f"local-{secrets.token_hex(4)}",
        title="Дегустация",
        price=99_000,
        currency="KZT",
        issued_at=now,
        expires_at=now + _VALIDITY,
    )
    return write_token(offer, key)
