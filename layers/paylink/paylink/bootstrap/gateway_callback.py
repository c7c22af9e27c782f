"""What functions/gateway_callback works with."""

from dataclasses import dataclass

from paylink.adapters.aws import dynamodb, secrets_manager
from paylink.adapters.orders import Orders
from paylink.adapters.places import Places
from paylink.adapters.secrets import MerchantSecret
from paylink.adapters.signals import PowertoolsSignals
from paylink.app.gateway_callback import GatewayCallback
from paylink.bootstrap import loaded
from paylink.settings import GatewayCallbackSettings, log_level


@dataclass(frozen=True, slots=True)
class GatewayCallbackParts:
    """The parts of gateway_callback."""

    answer: GatewayCallback
    signals: PowertoolsSignals


def gateway_callback() -> GatewayCallbackParts:
    """The parts, by the environment. Raises SettingsError."""
    settings = GatewayCallbackSettings.read()
    signals = PowertoolsSignals(log_level(), loaded)
    answer = GatewayCallback(
        orders=Orders(dynamodb(), settings.table),
        places=Places(dynamodb(), settings.table),
        merchant=MerchantSecret(secrets_manager(), settings.merchant_secret),
        signals=signals,
    )
    return GatewayCallbackParts(answer, signals)
