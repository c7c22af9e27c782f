"""What is out, and how: at the SDK's own transport, so that its real retries and translations are part of it."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from botocore.awsrequest import AWSResponse
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from integration.aws_failures import ENDPOINT
from paylink.adapters import aws

Transport = Callable[..., AWSResponse]


class Body:
    """The body of an answer as botocore reads it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def read(self) -> bytes:
        return self._content

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self._content


def throttled(request: Any, **_: object) -> AWSResponse:
    """The service's own word that there are too many requests."""
    document = {"__type": "com.amazon.coral.availability#ThrottlingException", "message": "Rate exceeded"}
    body: Any = Body(json.dumps(document).encode())
    return AWSResponse(request.url, 400, {"content-type": "application/x-amz-json-1.0"}, body)


def refused(request: Any, **_: object) -> AWSResponse:
    """Nobody takes the connection."""
    raise EndpointConnectionError(endpoint_url=ENDPOINT)


def silent(request: Any, **_: object) -> AWSResponse:
    """The connection is taken and no answer comes within the SDK's two seconds, which are not waited for here."""
    raise ReadTimeoutError(endpoint_url=ENDPOINT)


@contextmanager
def out(transport: Transport, *services: str) -> Iterator[None]:
    """These services answer by that transport, to every client that the functions have."""
    clients: Mapping[str, tuple[Callable[[], Any], ...]] = {
        "dynamodb": (aws.dynamodb, aws.impatient_dynamodb),
        "secretsmanager": (aws.secrets_manager,),
        "events": (aws.events,),
        "sqs": (aws.sqs,),
    }
    hooked = [
        (make().meta.events, f"before-send.{service}") for service in services for make in clients[service]
    ]
    for events, name in hooked:
        events.register_first(name, transport)
    try:
        yield
    finally:
        for events, name in hooked:
            events.unregister(name, transport)


@dataclass(frozen=True)
class Row:
    """One line of docs/proofs/outages.md: what everyone sees while something is out."""

    outage: str
    creating: str
    link: str
    status: str
    back: str
    told: str
    reconcile: str
    afterwards: str

    HEAD: ClassVar[tuple[str, ...]] = (
        "Out",
        "`POST /payments`",
        "`GET /pay/{link}`",
        "`GET /payments/{id}`",
        "buyer comes back",
        "gateway's result is told",
        "reconcile",
        "afterwards, by itself",
    )

    @property
    def line(self) -> str:
        """The line in Markdown."""
        cells = (
            self.outage,
            self.creating,
            self.link,
            self.status,
            self.back,
            self.told,
            self.reconcile,
            self.afterwards,
        )
        return f"| {' | '.join(cells)} |"
