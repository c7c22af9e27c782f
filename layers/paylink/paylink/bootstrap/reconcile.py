"""What functions/reconcile works with."""

import time
from dataclasses import dataclass

from paylink.adapters.aws import dynamodb, secrets_manager
from paylink.adapters.orders import Orders
from paylink.adapters.runs import Runs
from paylink.adapters.secrets import StackSecret
from paylink.adapters.signals import PowertoolsSignals
from paylink.adapters.waiting_index import WaitingIndex
from paylink.adapters.watches import Watches
from paylink.app.asking import Asking
from paylink.app.hold_policy import HoldPolicy
from paylink.app.pace import Pace, PacedGateway
from paylink.app.reconcile import Reconcile
from paylink.bootstrap import loaded
from paylink.bootstrap.asking import asking
from paylink.bootstrap.moving import client, moving, syncing
from paylink.domain.clock import utc_now
from paylink.settings import ReconcileSettings, log_level


@dataclass(frozen=True, slots=True)
class ReconcileParts:
    """The parts of reconcile."""

    run: Reconcile
    signals: PowertoolsSignals


def reconcile() -> ReconcileParts:
    """The parts, by the environment. Raises SettingsError."""
    settings = ReconcileSettings.read()
    signals = PowertoolsSignals(log_level(), loaded)
    pace = Pace(now=utc_now, tick=time.monotonic, sleep=time.sleep)
    run = Reconcile(
        runs=Runs(dynamodb(), settings.table),
        index=WaitingIndex(dynamodb(), settings.table),
        watches=Watches(dynamodb(), settings.table),
        asking=_asking(settings, pace, signals),
        pace=pace,
        signals=signals,
        tick=time.monotonic,
    )
    return ReconcileParts(run, signals)


def _asking(settings: ReconcileSettings, pace: Pace, signals: PowertoolsSignals) -> Asking:
    """Asking at that pace, with the owner's choice on holds."""
    gateway = PacedGateway(client(settings), pace)
    sync = syncing(settings, gateway, signals)
    stack = StackSecret(secrets_manager(), settings.stack_secret)
    holds = HoldPolicy(
        settings.hold_policy,
        orders=Orders(dynamodb(), settings.table),
        operations=moving(settings, gateway, stack, sync, signals),
        signals=signals,
    )
    return asking(settings, sync, signals, holds)
