"""Signs requests to the operator's routes: AWS Signature Version 4 for API Gateway."""

from typing import TYPE_CHECKING

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from requests.auth import AuthBase

if TYPE_CHECKING:
    from requests import PreparedRequest

    from paylink_cli.reaching.stack import Stack

# Headers that a proxy on the way may change stay outside of the signature.
_SIGNED = frozenset({"content-type", "idempotency-key"})


class Signing(AuthBase):
    """Signs each request with the stack's credentials as they are at that moment."""

    def __init__(self, stack: "Stack") -> None:
        self._stack = stack

    def __call__(self, request: "PreparedRequest") -> "PreparedRequest":
        """Add the signature's headers."""
        headers = {name: value for name, value in request.headers.items() if name.lower() in _SIGNED}
        signed = AWSRequest(method=request.method, url=request.url, data=request.body or b"", headers=headers)
        SigV4Auth(self._stack.credentials(), "execute-api", self._stack.region).add_auth(signed)
        for name in ("Authorization", "X-Amz-Date", "X-Amz-Security-Token"):
            if name in signed.headers:
                request.headers[name] = signed.headers[name]
        return request
