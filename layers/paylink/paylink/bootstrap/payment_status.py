"""What functions/payment_status works with."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from paylink.adapters.aws import dynamodb
from paylink.adapters.orders import Orders
from paylink.adapters.signals import PowertoolsSignals
from paylink.adapters.watches import Watches
from paylink.app.buyer_asks import BuyerAsks
from paylink.app.payment_status import PaymentStatusQuery
from paylink.bootstrap import loaded
from paylink.bootstrap.gateway import api_url
from paylink.settings import PaymentStatusSettings, log_level

if TYPE_CHECKING:
    from paylink.app.asking import Asking


@dataclass(frozen=True, slots=True)
class PaymentStatusParts:
    """The parts of payment_status."""

    status: PaymentStatusQuery
    signals: PowertoolsSignals


def payment_status() -> PaymentStatusParts:
    """The parts, by the environment. Raises SettingsError."""
    settings = PaymentStatusSettings.read()
    signals = PowertoolsSignals(log_level(), loaded)
    api_url(settings)  # a wrong setting shows at the start, not with the first buyer who comes back

    # On first use: most questions never need the HTTP client, and each would pay for it at its start.
    @cache
    def asked() -> "Asking":
        from paylink.bootstrap.asking import asking
        from paylink.bootstrap.moving import client, syncing

        return asking(settings, syncing(settings, client(settings), signals), signals)

    ask = BuyerAsks(watches=Watches(dynamodb(), settings.table), asking=asked, signals=signals)
    return PaymentStatusParts(PaymentStatusQuery(Orders(dynamodb(), settings.table), ask), signals)
