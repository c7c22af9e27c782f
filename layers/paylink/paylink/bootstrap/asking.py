"""Asking the gateway about one waiting order, for whichever function does it."""

from paylink.adapters.aws import dynamodb
from paylink.adapters.orders import Orders
from paylink.adapters.places import Places
from paylink.adapters.signals import PowertoolsSignals
from paylink.adapters.watches import Watches
from paylink.app.asking import Asking
from paylink.app.hold_policy import HoldPolicy
from paylink.app.sync import Sync
from paylink.bootstrap.gateway import GatewaySettings


def asking(
    settings: GatewaySettings, sync: Sync, signals: PowertoolsSignals, holds: HoldPolicy | None = None
) -> Asking:
    """The use case; with the owner's choice on holds where it is to be followed."""
    return Asking(
        orders=Orders(dynamodb(), settings.table),
        places=Places(dynamodb(), settings.table),
        watches=Watches(dynamodb(), settings.table),
        sync=sync,
        signals=signals,
        holds=holds,
    )
