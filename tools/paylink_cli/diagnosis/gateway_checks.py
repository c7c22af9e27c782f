"""The gateway: reached, the key known there, and a test payment made."""

import secrets
from collections.abc import Iterator
from urllib.parse import urlsplit

import requests

from paylink.domain.clock import utc_now
from paylink.domain.errors import NotConfigured
from paylink.freedompay.client import Credentials, FreedomPayClient
from paylink.freedompay.codes import Advice
from paylink.freedompay.errors import GatewayError, GatewayUnclear
from paylink_cli.diagnosis.finding import Finding, fail, not_applicable, ok, warn
from paylink_cli.diagnosis.subject import Subject
from paylink_cli.errors import Refused
from paylink_cli.operations import new_key
from paylink_cli.purchase import purchase_of
from paylink_cli.reaching.api import in_path

_TIMES = (5, 20)
_NEW_KEY = "put the right one in with `paylink secret set`; it stands in the merchant's cabinet"


def host(subject: Subject) -> Iterator[Finding]:
    """Whether the gateway answers from here, by a certificate that is trusted."""
    address = subject.gateway_url
    try:
        answer = requests.head(address, timeout=_TIMES, allow_redirects=False)
    except requests.exceptions.SSLError:
        yield fail("gateway", f"{address} shows no certificate that is trusted here", "look at GatewayUrl")
    except requests.RequestException as error:
        yield fail(
            "gateway",
            f"{address} cannot be reached from here ({type(error).__name__})",
            "look at this machine's network and at GatewayUrl; the functions have a network of their own",
        )
    else:
        secure = "by TLS" if urlsplit(address).scheme == "https" else "without TLS, on this machine"
        yield ok("gateway", f"{address} answers {secure} ({answer.status_code})")


def key(subject: Subject) -> Iterator[Finding]:
    """Whether the gateway knows the merchant and the key: it is asked for an order that nobody has."""
    try:
        keys = subject.keys
    except NotConfigured:
        yield not_applicable("key", "none is set")
        return
    client = FreedomPayClient(
        subject.gateway_url, create_path=subject.parameters.get("GatewayPath", "/init_payment.php")
    )
    credentials = Credentials(keys.merchant_id, keys.secret_key, keys.former(utc_now()))
    try:
        client.status(credentials, order_id=f"doctor-{secrets.token_hex(8)}")
    except GatewayError as error:
        yield _judged(error, keys.merchant_id)
    except GatewayUnclear as error:
        yield warn("key", f"the gateway gave no usable answer ({type(error).__name__})", "run this again")
    else:
        yield warn(
            "key", "the gateway knows an order that was never made", "is GatewayUrl the right address?"
        )
    finally:
        client.close()


def test_payment(subject: Subject, link: str | None) -> Iterator[Finding]:
    """Whether a payment can be made from end to end; a page is made at the gateway, and nothing is paid."""
    if link is None:
        yield not_applicable("test payment", "not asked for; --pay LINK makes one")
        return
    if not subject.test_mode:
        yield fail("test payment", "this stack is live, and doctor makes no real payment", "leave --pay out")
        return
    document = subject.api.get(f"/links/{in_path(link)}")
    if document.get("test") is False:
        yield fail(
            "test payment", f"the link {link!r} is live, and doctor makes no real payment", "name another"
        )
        return
    try:
        order = subject.api.request("POST", "/payments", purchase_of(document), key=new_key()).content
    except Refused as error:
        yield fail("test payment", str(error), "see to what it says, then run this again")
        return
    if order.get("test") is not True:
        yield fail(
            "test payment", f"order {order['order_id']} is a live one", "see TestMode, then run this again"
        )
    elif not order.get("redirect_url"):
        yield fail("test payment", f"order {order['order_id']} has no page to pay at", "see its log lines")
    else:
        yield ok(
            "test payment", f"order {order['order_id']} waits at {urlsplit(order['redirect_url']).netloc}"
        )


def _judged(error: GatewayError, merchant_id: str) -> Finding:
    if error.advice is Advice.NOT_FOUND:
        return ok("key", f"the gateway takes merchant {merchant_id} and its key")
    if error.advice is Advice.MISCONFIGURED:
        return fail("key", f"the gateway refuses merchant {merchant_id} or its key ({error.code})", _NEW_KEY)
    if error.advice is Advice.RETRY:
        return warn(
            "key", f"the gateway is out of order ({error.code}: {error.meaning})", "run this again later"
        )
    return warn(
        "key", f"the gateway answered {error.code}: {error.meaning}", "ask the gateway's support about it"
    )
