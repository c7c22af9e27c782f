"""Asking the gateway about an order and moving its money there, for whichever function does it."""

from paylink.adapters.aws import dynamodb, secrets_manager
from paylink.adapters.orders import Orders
from paylink.adapters.places import Places
from paylink.adapters.secrets import MerchantSecret, StackSecret
from paylink.adapters.signals import PowertoolsSignals
from paylink.app.operations import Operations
from paylink.app.ports import Gateway
from paylink.app.sync import Sync
from paylink.bootstrap.gateway import GatewaySettings, api_url
from paylink.freedompay.client import FreedomPayClient


def client(settings: GatewaySettings) -> FreedomPayClient:
    """The gateway. Raises SettingsError."""
    return FreedomPayClient(api_url(settings), create_path=settings.gateway_path)


def syncing(settings: GatewaySettings, gateway: Gateway, signals: PowertoolsSignals) -> Sync:
    """Taking over what the gateway says about an order."""
    return Sync(
        orders=Orders(dynamodb(), settings.table),
        places=Places(dynamodb(), settings.table),
        gateway=gateway,
        merchant=MerchantSecret(secrets_manager(), settings.merchant_secret),
        signals=signals,
    )


def moving(
    settings: GatewaySettings, gateway: Gateway, stack: StackSecret, sync: Sync, signals: PowertoolsSignals
) -> Operations:
    """Refunds, captures and cancellations."""
    return Operations(
        orders=Orders(dynamodb(), settings.table),
        places=Places(dynamodb(), settings.table),
        gateway=gateway,
        stack=stack,
        sync=sync,
        signals=signals,
    )
