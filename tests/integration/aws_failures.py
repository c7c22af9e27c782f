"""AWS clients that fail: before a call arrives, or after it did its work and the answer got lost."""

from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
    SSLError,
)

ENDPOINT = "https://service.eu-central-1.amazonaws.com"


def refused(code: str, status: int = 400) -> ClientError:
    """What botocore raises for an answer of the service that is an error."""
    response: Any = {
        "Error": {"Code": code, "Message": f"the service says {code}"},
        "ResponseMetadata": {"HTTPStatusCode": status, "RetryAttempts": 2},
    }
    return ClientError(response, "Operation")


DYNAMODB_FAILURES: dict[str, Exception] = {
    code: refused(code, status)
    for code, status in {
        "ProvisionedThroughputExceededException": 400,
        "ThrottlingException": 400,
        "RequestLimitExceeded": 400,
        "InternalServerError": 500,
        "ServiceUnavailable": 503,
        "503": 503,
        "AccessDeniedException": 400,
        "ResourceNotFoundException": 400,
        "ExpiredTokenException": 400,
        "UnrecognizedClientException": 400,
        "ReplicatedWriteConflictException": 400,
    }.items()
}
SECRETS_FAILURES: dict[str, Exception] = {
    code: refused(code, status)
    for code, status in {
        "ThrottlingException": 400,
        "InternalServiceError": 500,
        "DecryptionFailure": 400,
        "AccessDeniedException": 400,
        "ExpiredTokenException": 400,
        "InvalidRequestException": 400,
    }.items()
}
NO_ANSWER: dict[str, Exception] = {
    "connect timeout": ConnectTimeoutError(endpoint_url=ENDPOINT),
    "read timeout": ReadTimeoutError(endpoint_url=ENDPOINT),
    "no connection": EndpointConnectionError(endpoint_url=ENDPOINT),
    "closed connection": ConnectionClosedError(endpoint_url=ENDPOINT),
    "broken TLS": SSLError(endpoint_url=ENDPOINT, error="certificate"),
    "no credentials": NoCredentialsError(),
}


class Failing:
    """One operation of a client that fails until it is mended; counts its calls."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, client: Any, operation: str) -> None:
        self._real: Any = getattr(client, operation)
        self.calls: list[dict[str, Any]] = []
        self.failure: Exception | None = None
        self.arrives = False
        monkeypatch.setattr(client, operation, self)

    def __call__(self, **request: Any) -> Any:
        self.calls.append(request)
        if self.failure is not None and self.arrives:
            self._real(**request)
        if self.failure is not None:
            raise self.failure
        return self._real(**request)

    def mend(self) -> None:
        self.failure = None
