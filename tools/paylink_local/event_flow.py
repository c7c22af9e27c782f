"""Which loops a local run has: one for each stream and queue that the template connects to a function."""

import json
import threading
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from paylink_local.errors import TemplateError
from paylink_local.event_sources import Invoke, LogLine, Loop, QueueDrain, QueueReader, Source, StreamReader
from paylink_local.heard import HeardEvents
from paylink_local.messaging import listen_to_the_bus, sqs_client
from paylink_local.provisioning import client_of
from paylink_local.template import Template

NO_STREAM = "The table's engine has no streams: no events, no webhook."


class EventFlow:
    """The loops of one run. They end on their own after `stop`; `join` waits for that."""

    def __init__(self, template: Template, aws_url: str, dynamodb_url: str, log: LogLine) -> None:
        """Take the template, its table and queues made, and where the engines are."""
        self.heard = HeardEvents(log)
        self.notes: list[str] = []
        self._template = template
        self._sqs = sqs_client(aws_url)
        self._streams = client_of("dynamodbstreams", dynamodb_url)
        self._bus = listen_to_the_bus(aws_url, self._sqs)
        self._log = log
        self._stopping = threading.Event()
        self._loops: list[Loop] = []

    def prepare(self, functions: Mapping[str, Invoke]) -> None:
        """Stand ready to hand on whatever happens from now on; `functions` by logical id."""
        turns = [QueueDrain(self._sqs, self._bus, self.heard.add).turn]
        turns += [
            QueueReader(self._sqs, source, functions[source.function], self._log).turn
            for source in self._queues()
        ]
        try:
            turns += [
                StreamReader(
                    self._streams, source, functions[source.function], self._log, self._stopping
                ).turn
                for source in self._table_streams()
            ]
        except (ClientError, BotoCoreError, TemplateError):
            # An engine without streams serves everything else.
            self.notes.append(NO_STREAM)
        self._loops = [Loop(turn, self._stopping) for turn in turns]

    def start(self) -> None:
        """Begin."""
        for loop in self._loops:
            loop.start()

    def stop(self) -> None:
        """Begin nothing new."""
        self._stopping.set()

    def join(self) -> None:
        """Wait until every loop is over; those within a function end with it."""
        for loop in self._loops:
            loop.join()

    def _queues(self) -> Iterator[Source]:
        for function, properties in self._template.sources("SQS"):
            # The local run reads a queue by its address, which is what !Ref gives; the template names its ARN.
            logical_id = properties["Queue"]["Fn::GetAtt"][0]
            where = self._template.resolve({"Ref": logical_id})
            yield Source(function, where, self._batch(properties, 10))

    def _table_streams(self) -> Iterator[Source]:
        for function, properties in self._template.sources("DynamoDB"):
            where = self._template.resolve(properties["Stream"])
            filters: Mapping[str, Any] = self._template.resolve(properties.get("FilterCriteria") or {})
            patterns = tuple(json.loads(one["Pattern"]) for one in filters.get("Filters", ()))
            yield Source(function, where, self._batch(properties, 100), patterns)

    def _batch(self, properties: Mapping[str, Any], default: int) -> int:
        return int(self._template.resolve(properties.get("BatchSize", default)))
