"""The two secrets, fetched on first use and kept for five minutes."""

import json
import time
from typing import TYPE_CHECKING, Final

from aws_lambda_powertools.utilities.parameters import SecretsProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError
from botocore.exceptions import ClientError

from paylink.domain.credentials import MerchantKeys, parse_merchant_secret
from paylink.domain.errors import NotConfigured, StoreUnavailable
from paylink.domain.stack_key import StackKey

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

KEPT_SECONDS: Final = 300
REFRESH_SECONDS: Final = 60
"""At most once in this time is a secret fetched anew because a signature did not fit."""


class MerchantSecret:
    """The merchant's keys, set by the owner."""

    def __init__(self, client: "SecretsManagerClient", secret: str) -> None:
        self._provider = SecretsProvider(boto3_client=client)
        self._secret = secret
        self._refreshed_at: float | None = None

    def keys(self) -> MerchantKeys:
        """The keys. Raises NotConfigured where none are set yet, StoreUnavailable where nobody answers."""
        return self._parsed(anew=False)

    def refreshed(self) -> MerchantKeys | None:
        """The keys fetched anew because a signature did not fit; None where that was tried within a minute.

        The bound keeps a forger from turning every message into a call, and a changed key from going
        unnoticed for longer.
        """
        now = time.monotonic()
        if self._refreshed_at is not None and now - self._refreshed_at < REFRESH_SECONDS:
            return None
        self._refreshed_at = now
        return self._parsed(anew=True)

    def _parsed(self, *, anew: bool) -> MerchantKeys:
        try:
            document = json.loads(_read(self._provider, self._secret, anew=anew))
        except ValueError:
            raise NotConfigured(
                "The merchant secret is no JSON: set it with merchant_id and secret_key."
            ) from None
        return parse_merchant_secret(document)


class StackSecret:
    """The stack's own key, generated once by the deployment."""

    def __init__(self, client: "SecretsManagerClient", secret: str) -> None:
        self._provider = SecretsProvider(boto3_client=client)
        self._secret = secret

    def key(self) -> StackKey:
        """The key. Raises NotConfigured or StoreUnavailable."""
        try:
            return StackKey(str(json.loads(_read(self._provider, self._secret, anew=False))["key"]))
        except (ValueError, KeyError, TypeError):
            raise NotConfigured("The stack's own secret does not hold the generated key.") from None


def _read(provider: SecretsProvider, secret: str, *, anew: bool) -> str:
    try:
        text = provider.get(secret, max_age=KEPT_SECONDS, force_fetch=anew)
    except GetParameterError as error:
        raise _translated(error.__context__) from None
    return text if isinstance(text, str) else ""


def _translated(error: BaseException | None) -> Exception:
    code = error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else ""
    if code == "ResourceNotFoundException":
        # The secret stands, but its owner has not yet put a value into it.
        return NotConfigured(
            "No merchant key is set yet: put merchant_id and secret_key into the merchant secret."
        )
    return StoreUnavailable(f"Secrets Manager did not answer: {code or type(error).__name__}")
