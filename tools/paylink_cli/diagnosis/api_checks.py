"""The API as others meet it: the gateway's callbacks, the shop's pages, the operator."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

import requests

from paylink_cli.diagnosis.finding import Finding, fail, ok, warn
from paylink_cli.diagnosis.subject import Subject, origin_of

SEGMENTS: Final = {"ResultUrl": "paylink_result", "CheckUrl": "paylink_check"}
"""The script names that sign the gateway's messages; no other integration uses them."""
GATEWAY_WAITS: Final = 2.0
"""Seconds within which a callback should be answered."""
DRIFT_NOTICED, DRIFT_TOO_FAR = 30, 300
"""Seconds; beyond the second AWS refuses signatures."""
FOREIGN: Final = "https://stranger.invalid"
_TIMES: Final = (5, 30)


def callbacks(subject: Subject) -> Iterator[Finding]:
    """Whether the gateway can reach the callbacks, under the names that sign them."""
    for output, segment in SEGMENTS.items():
        name = segment.replace("_", " ")
        address = subject.system.output(output)
        parts = urlsplit(address)
        last = parts.path.rpartition("/")[2]
        if last != segment:
            yield fail(
                name,
                f"{address} ends in {last!r}, and messages are signed with {segment!r}",
                "no proxy may rename the path; set PublicUrl to the address that ends as Paylink's own does",
            )
        elif origin_of(address) != origin_of(subject.api_url):
            yield fail(name, f"{address} is not on {subject.api_url}", "deploy with the right PublicUrl")
        elif parts.scheme != "https" and not subject.is_local:
            yield fail(name, f"{address} is not https", "deploy with an https PublicUrl")
        else:
            yield _called(name, address)


def origins(subject: Subject) -> Iterator[Finding]:
    """Whether the shop's pages may ask for a payment, and others may not."""
    allowed = [one.strip() for one in subject.parameters.get("AllowedOrigins", "").split(",") if one.strip()]
    if not allowed:
        yield warn("origins", "no page may ask for a payment; links alone work", "deploy with AllowedOrigins")
        return
    refused = [origin for origin in allowed if _granted(subject, origin) != origin]
    if refused:
        yield fail(
            "origins", f"{', '.join(refused)} refused", "deploy with AllowedOrigins as browsers send them"
        )
    elif _granted(subject, FOREIGN) is not None:
        yield fail("origins", "a page of any origin is let in", "deploy with the shop's origins alone")
    else:
        yield ok("origins", ", ".join(allowed))
    shop = subject.parameters.get("ShopUrl", "")
    if shop and origin_of(shop) not in allowed and not subject.is_local:
        yield fail("shop", f"{origin_of(shop)} is none of the allowed origins", "add it to AllowedOrigins")


def clock(subject: Subject) -> Iterator[Finding]:
    """Whether this machine's clock and the API's agree."""
    before = time.time()
    answer = _get(subject.api_url + "/payments/doctor")
    if isinstance(answer, Finding):
        yield answer
        return
    try:
        theirs = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        yield warn("clock", "the API's answer has no date", "look at this machine's clock yourself")
        return
    if theirs.tzinfo is None:
        theirs = theirs.replace(tzinfo=UTC)
    ours = datetime.fromtimestamp((before + time.time()) / 2, UTC)
    drift = round(abs((ours - theirs).total_seconds()))
    advice = "let this machine set its clock by the network (NTP)"
    if drift > DRIFT_TOO_FAR:
        yield fail("clock", f"this machine's is {drift} s off: AWS refuses its signatures", advice)
    elif drift > DRIFT_NOTICED:
        yield warn("clock", f"this machine's is {drift} s off", advice)
    else:
        yield ok("clock", f"agrees within {max(drift, 1)} s")


def operator(subject: Subject) -> Iterator[Finding]:
    """Whether the operator's routes let the operator in, and nobody else."""
    subject.api.get("/links", limit=1)
    if subject.is_local:
        yield ok("operator", "reached; a local run asks for no signature")
        return
    answer = _get(subject.api_url + "/links")
    if isinstance(answer, Finding):
        yield answer
    elif answer.status_code in {401, 403}:
        yield ok("operator", "let in by signature, and nobody without one")
    else:
        yield fail(
            "operator",
            f"a request without a signature was answered {answer.status_code}",
            "close the routes at once: deploy this version's template, whose default authorizer is AWS_IAM",
        )


def _called(name: str, address: str) -> Finding:
    # Nothing at all is sent: a message without a signature would count as a forgery, and raise an alarm.
    started = time.monotonic()
    try:
        answer = _session().post(address, data=b"", timeout=_TIMES, allow_redirects=False)
    except requests.RequestException as error:
        return fail(
            name, f"{address} cannot be reached ({_reason(error)})", "look at DNS, certificate and firewall"
        )
    seconds = time.monotonic() - started
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if answer.status_code != 400 or kind != "application/xml":
        return fail(
            name,
            f"{address} answered {answer.status_code} {kind}, not as Paylink does",
            "see that the address leads to this stack's API and that its function runs",
        )
    if seconds > GATEWAY_WAITS:
        return warn(
            name,
            f"answered after {seconds:.1f} s, and the gateway likes less than {GATEWAY_WAITS:.0f}",
            "run this again",
        )
    return ok(name, f"{address} answered in {seconds:.2f} s")


def _granted(subject: Subject, origin: str) -> str | None:
    headers = {"origin": origin, "access-control-request-method": "POST"}
    answer = _session().options(f"{subject.api_url}/payments", headers=headers, timeout=_TIMES)
    return answer.headers.get("access-control-allow-origin")


def _get(address: str) -> requests.Response | Finding:
    try:
        return _session().get(address, timeout=_TIMES, allow_redirects=False)
    except requests.RequestException as error:
        return fail(
            "api", f"{address} cannot be reached ({_reason(error)})", "look at DNS, certificate and firewall"
        )


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session


def _reason(error: requests.RequestException) -> str:
    return type(error).__name__
