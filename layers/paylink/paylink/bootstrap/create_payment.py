"""What functions/create_payment works with."""

from dataclasses import dataclass

from paylink.adapters.signals import PowertoolsSignals
from paylink.app.create_payment import CreatePayment
from paylink.bootstrap import loaded
from paylink.bootstrap.creating import creating
from paylink.settings import CreatePaymentSettings, log_level


@dataclass(frozen=True, slots=True)
class CreatePaymentParts:
    """The parts of create_payment."""

    settings: CreatePaymentSettings
    create: CreatePayment
    signals: PowertoolsSignals


def create_payment() -> CreatePaymentParts:
    """The parts, by the environment. Raises SettingsError."""
    settings = CreatePaymentSettings.read()
    signals = PowertoolsSignals(log_level(), loaded)
    return CreatePaymentParts(settings, creating(settings, signals), signals)
