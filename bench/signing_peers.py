"""The Python clients of this protocol in the registry, each reduced to "script and flat message to signature"."""

import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from bench.signing_message import KEY, MESSAGE, SCRIPT
from paylink.freedompay.signature import sign

Message = Mapping[str, str]
Signer = Callable[[str, Message], str]


class NotAble(Exception):
    """The peer has no way to sign this message."""


def ours(key: str = KEY) -> Signer:
    """`paylink.freedompay.signature.sign`."""
    return lambda script, message: sign(script, message.items(), key)


def platron(key: str = KEY) -> Signer:
    """`platron` 3: SigHelper.make."""
    from platron.sig_helper import SigHelper  # noqa: PLC0415 — a peer that fails to load is told by its name

    return SigHelper(key).make


def paybox(key: str = KEY) -> Signer:
    """`paybox` 0.1: its one method signs and builds the buyer's address; the signature is cut out of that."""
    from paybox.utils import PayBox  # noqa: PLC0415 — as above

    own = ("pg_amount", "pg_order_id", "pg_user_phone", "pg_description", "pg_user_ip", "pg_user_id")

    def make(script: str, message: Message) -> str:
        rest = {name: text for name, text in message.items() if name not in own and name != "pg_merchant_id"}
        if not {*own, "pg_merchant_id"} <= message.keys():
            raise NotAble("it always sends seven fields of its own, and this message lacks some of them")
        client = PayBox("", rest, key, message["pg_merchant_id"])
        client.url = script
        address = client.paying(**{name: message[name] for name in own})
        return str(address.rpartition("pg_sig=")[2][:32])

    return make


def django_payments_paybox(key: str = KEY) -> Signer:
    """`django-payments-paybox` 0.2: PayboxProvider.create_sig.

    Its data object is built without its own validation, which would turn 1500.00 into 1500 and drop fields that it does
    not list, and outside the time that is measured. It prints each signed text, secret included; that is switched
    off. Two packages that it imports without declaring them play no part in signing: where they are missing, empty
    ones stand in.
    """
    for name in ("xmltodict", "email_validator"):
        try:
            __import__(name)
        except ImportError:
            sys.modules[name] = ModuleType(name)
    import django  # noqa: PLC0415 — as above
    from django.conf import settings  # noqa: PLC0415 — as above

    if not settings.configured:
        settings.configure(PAYMENT_HOST="shop.example", PAYMENT_USES_SSL=True)
        django.setup()
    from django_payments_paybox import provider  # noqa: PLC0415 — as above

    provider.print = lambda *_: None
    last: list[Any] = [None, None]
    made = object.__new__(provider.PayboxProvider)
    made.settings = provider.PayboxProviderOptions(
        merchant_id=1, secret=key, site_url="https://shop.example", testing_mode=1
    )

    def make(script: str, message: Message) -> str:
        if last[0] is not message:
            last[:] = message, provider.PayboxInitPaymentData.construct(**message)
        return str(made.create_sig(last[1], script))

    return make


PEERS: Mapping[str, Callable[[str], Signer]] = {
    "platron": platron,
    "paybox": paybox,
    "django-payments-paybox": django_payments_paybox,
}


def check(name: str, signer: Signer) -> None:
    """Raises AssertionError where a signer's word on the measured message is not the protocol's."""
    said, right = signer(SCRIPT, dict(MESSAGE)), sign(SCRIPT, MESSAGE, KEY)
    assert said == right, f"{name} signs the message of the bench as {said}, which is not {right}"
