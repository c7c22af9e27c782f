"""What functions/return_page works with."""

from dataclasses import dataclass
from datetime import datetime

from paylink.adapters.aws import dynamodb, secrets_manager
from paylink.adapters.orders import Orders
from paylink.adapters.secrets import MerchantSecret
from paylink.adapters.signals import PowertoolsSignals
from paylink.app.buyer_return import BuyerReturn
from paylink.bootstrap import loaded
from paylink.settings import ReturnPageSettings, log_level


@dataclass(frozen=True, slots=True)
class ReturnPageParts:
    """The parts of return_page."""

    settings: ReturnPageSettings
    send_back: BuyerReturn
    signals: PowertoolsSignals


def return_page() -> ReturnPageParts:
    """The parts, by the environment. Raises SettingsError."""
    settings = ReturnPageSettings.read()
    signals = PowertoolsSignals(log_level(), loaded)
    send_back = BuyerReturn(
        orders=Orders(dynamodb(), settings.table),
        marks=_Marks(settings.table),
        merchant=MerchantSecret(secrets_manager(), settings.merchant_secret),
        shop_url=settings.shop_url,
        signals=signals,
    )
    return ReturnPageParts(settings, send_back, signals)


class _Marks:
    """Noting a buyer's return, by a client of its own that is made when it is first needed and gives up soon."""

    def __init__(self, table: str) -> None:
        self._table = table

    def returned(self, order_id: str, now: datetime) -> None:
        from paylink.adapters.aws import impatient_dynamodb
        from paylink.adapters.watches import Watches

        Watches(impatient_dynamodb(), self._table).returned(order_id, now)
