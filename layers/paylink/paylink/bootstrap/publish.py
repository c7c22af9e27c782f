"""What functions/publish works with."""

from dataclasses import dataclass

from paylink.adapters.aws import sqs
from paylink.adapters.queues import Unpublished
from paylink.adapters.signals import PowertoolsSignals
from paylink.adapters.stream import changes_of
from paylink.app.publish import Publish
from paylink.bootstrap import loaded
from paylink.bootstrap.announcing import announcing
from paylink.settings import PublishSettings, log_level


@dataclass(frozen=True, slots=True)
class PublishParts:
    """The parts of publish."""

    publish: Publish
    signals: PowertoolsSignals


def publish() -> PublishParts:
    """The parts, by the environment. Raises SettingsError."""
    settings = PublishSettings.read()
    signals = PowertoolsSignals(log_level(), loaded)
    unpublished = Unpublished(sqs(), settings.unpublished_queue)
    return PublishParts(Publish(changes_of, announcing(settings), unpublished, signals), signals)
