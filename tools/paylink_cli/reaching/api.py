"""Speaks to the operator's API: JSON in and out, problem documents as errors."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlencode, urlsplit

import requests
from requests.auth import AuthBase
from requests.exceptions import ConnectTimeout, RequestException, SSLError

from paylink_cli.errors import AnswerLost, Unreachable
from paylink_cli.reaching.problems import refusal
from paylink_cli.reaching.target import Target

T = TypeVar("T")
TIMEOUTS: Final = (5, 35)
"""Seconds for connecting and for an answer; API Gateway itself gives up after 29."""
MOST_PAGES: Final = 100_000


@dataclass(frozen=True)
class Answer:
    """What the API answered to a request that it took."""

    status: int
    content: dict[str, Any]
    retry_after: float | None = None
    replayed: bool = False


class Api:
    """One API. Every method raises Refused for a problem document and Unreachable without a usable answer."""

    def __init__(self, url: str, auth: AuthBase | None = None, *, hint: str = "") -> None:
        """Take the base address, the signature of requests, and what to do where nobody answers there."""
        self.url = url
        self._hint = hint
        self._session = requests.Session()
        self._session.auth = auth or _Unsigned()
        # A proxy of the environment is for the way out, not for this machine.
        self._session.trust_env = urlsplit(url).hostname not in {"127.0.0.1", "localhost", "::1"}

    def get(self, path: str, **query: str | int | None) -> dict[str, Any]:
        """The JSON object at a path; query parameters that are None are left out."""
        return self.request("GET", path, query=query).content

    def pages(self, path: str, **query: str | int | None) -> Iterator[dict[str, Any]]:
        """The pages of a list, following its cursor to the end."""
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            page = self.get(path, **(query if cursor is None else {**query, "cursor": cursor}))
            yield page
            following = page.get("cursor")
            if not following:
                return
            if following == cursor:
                break
            cursor = following
        raise Unreachable(f"the list {path} does not end; tell whoever looks after this Paylink")

    def request(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        key: str | None = None,
        query: Mapping[str, str | int | None] | None = None,
    ) -> Answer:
        """Send a request with an Idempotency-Key where one is given. Raises AnswerLost where it may have arrived."""
        headers = {"accept": "application/json"}
        if body is not None:
            headers["content-type"] = "application/json"
        if key is not None:
            headers["idempotency-key"] = key
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        answer = self._send(method, _with_query(path, query), data, headers)
        content = _json_object(answer)
        if answer.status_code >= 400:
            raise refusal(answer.status_code, content, _retry_after(answer))
        if content is None:
            raise AnswerLost(f"{self.url} answered {answer.status_code} without JSON; is this a Paylink API?")
        replayed = answer.headers.get("idempotent-replayed") == "true"
        return Answer(answer.status_code, content, _retry_after(answer), replayed)

    def picture(self, path: str) -> bytes:
        """The bytes of a public picture."""
        answer = self._send("GET", path, None, {})
        if answer.status_code >= 400:
            raise refusal(answer.status_code, _json_object(answer), None)
        return answer.content

    def _send(self, method: str, path: str, data: bytes | None, headers: dict[str, str]) -> requests.Response:
        try:
            return self._session.request(
                method, self.url + path, data=data, headers=headers, timeout=TIMEOUTS, allow_redirects=False
            )
        except RequestException as error:
            if isinstance(error, SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise Unreachable(f"{self.url} shows no certificate that is trusted here") from error
            if isinstance(error, ConnectTimeout) or _never_connected(error):
                raise Unreachable(f"{self.url} cannot be reached{self._hint}") from error
            raise AnswerLost(f"{self.url} gave no answer; try again") from error


def connect(target: Target) -> Api:
    """The target's API; for a stack its address is asked for first."""
    if target.api_url is not None:
        return Api(target.api_url, hint="; is it running? start one with `paylink local`")
    # Costs a third of a second, and `paylink local` needs none of it.
    from paylink_cli.reaching.signing import Signing  # noqa: PLC0415

    stack = target.stack()
    return Api(stack.output("ApiUrl").rstrip("/"), Signing(stack), hint="; check the network and try again")


def member(content: Mapping[str, Any], name: str, kind: type[T]) -> T:
    """A member of an answer. Raises Unreachable where it is not what this API answers."""
    value = content.get(name)
    if not isinstance(value, kind):
        raise Unreachable(
            f"the answer has no {name!r} as Paylink has it; is this a Paylink API of this version?"
        )
    return value


def in_path(value: str) -> str:
    """A value as one segment of a path."""
    return quote(value, safe="")


class _Unsigned(AuthBase):
    """Nothing; given explicitly, so that no .netrc adds a password."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Leave the request as it is."""
        return request


def _with_query(path: str, query: Mapping[str, str | int | None] | None) -> str:
    given = {name: str(value) for name, value in (query or {}).items() if value is not None}
    # Percent signs instead of `+`: the signature counts the address as it is sent.
    return f"{path}?{urlencode(sorted(given.items()), quote_via=quote, safe='')}" if given else path


def _json_object(answer: requests.Response) -> dict[str, Any] | None:
    try:
        content = answer.json()
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def _retry_after(answer: requests.Response) -> float | None:
    value = answer.headers.get("retry-after", "")
    return float(value) if value.isascii() and value.isdigit() else None


def _never_connected(error: BaseException | None) -> bool:
    """Whether the connection itself could not be made, so that nothing was sent."""
    from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError  # noqa: PLC0415

    for cause in (error, *getattr(error, "args", ())):
        reason = cause.reason if isinstance(cause, MaxRetryError) else cause
        if isinstance(reason, NewConnectionError | NameResolutionError):
            return True
    return False
