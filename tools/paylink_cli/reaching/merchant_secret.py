"""The merchant's secret in Secrets Manager, which has no conditional write: a change is checked once it is made."""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from botocore.exceptions import ClientError

from paylink.domain.clock import utc_now
from paylink_cli.errors import CommandError
from paylink_cli.merchant_document import Document, read_document, with_former_of
from paylink_cli.reaching.stack import aws_errors
from paylink_cli.reaching.system import System

ROUNDS: Final = 5
"""Changes of others that are taken in before giving up."""
_CURRENT: Final = "AWSCURRENT"
_BEFORE: Final = "AWSPREVIOUS"

Change = Callable[[Document | None, datetime], Document]


@dataclass(frozen=True)
class Version:
    """One version of the secret. Its text is left out of `repr` by leaving `repr` out altogether."""

    id: str
    text: str

    def __repr__(self) -> str:
        return f"Version({self.id})"


class MerchantStore:
    """Reads and changes the secret. Every method raises Unreachable where AWS does not answer."""

    def __init__(self, system: System, *, now: Callable[[], datetime] = utc_now) -> None:
        self.secret = system.output("MerchantSecretArn")
        self._client = system.client("secretsmanager")
        self._now = now

    def read(self) -> Version | None:
        """The present version; None where the owner has not set one yet."""
        return self._version(VersionStage=_CURRENT)

    def change(self, change: Change) -> Document:
        """Write what `change` makes of the present document and return it. Raises CommandError.

        Secrets Manager cannot refuse a write because another came first. Each version names the one before it,
        though: where that is not the one that was read, somebody wrote in between, and their keys are added.
        """
        read = self.read()
        document = change(read_document(read.text) if read else None, self._now())
        for _ in range(ROUNDS):
            written = self._put(document)
            before = self._version(VersionStage=_BEFORE)
            present = self.read()
            if present is None or present.id != written:
                raise _overtaken(document, present)
            if before is None or before.id in {written, read.id if read else None}:
                return document
            # Written by somebody else after it was read here: their key must go on verifying.
            read, other = present, read_document(before.text)
            if other is None:
                return document
            merged = with_former_of(document, other, self._now())
            if merged == document:
                return document
            document = merged
        raise CommandError(
            "somebody else changes this secret again and again; see `paylink secret status`, then try again"
        )

    def _put(self, document: Mapping[str, Any]) -> str:
        # With a token of our own a repeat of the call, as the SDK makes one when an answer is lost, is no second write.
        token = secrets.token_hex(32)
        text = json.dumps(document, ensure_ascii=False)
        with aws_errors():
            answer = self._client.put_secret_value(
                SecretId=self.secret, SecretString=text, ClientRequestToken=token
            )
        return str(answer["VersionId"])

    def _version(self, **which: str) -> Version | None:
        with aws_errors():
            try:
                answer = self._client.get_secret_value(SecretId=self.secret, **which)
            except ClientError as error:
                if error.response["Error"]["Code"] == "ResourceNotFoundException" and self._exists():
                    return None
                raise
        return Version(answer["VersionId"], answer.get("SecretString", ""))

    def _exists(self) -> bool:
        """Whether the secret itself stands: without a value it answers as if it did not."""
        return bool(self._client.describe_secret(SecretId=self.secret)["ARN"])


def _overtaken(document: Mapping[str, Any], present: Version | None) -> CommandError:
    found = read_document(present.text) if present else None
    if found is not None and document["secret_key"] in _keys(found):
        state = "this one verifies as a former key"
    else:
        state = "this one is not among its keys"
    return CommandError(
        "another change of this secret came right after this one, and its key is the one that signs; "
        f"{state}; see `paylink secret status`, then try again"
    )


def _keys(document: Mapping[str, Any]) -> list[object]:
    previous = document.get("previous")
    former = previous if isinstance(previous, list) else []
    return [
        document.get("secret_key"),
        *(entry.get("secret_key") for entry in former if isinstance(entry, dict)),
    ]
