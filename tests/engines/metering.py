"""The requests that a DynamoDB client makes and what the engine says each of them consumed."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

READS = frozenset({"GetItem", "BatchGetItem", "Query"})


@dataclass
class Meter:
    """The requests of a client and the capacity that each consumed, indexes included."""

    operations: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    units: float = 0
    read_units: float = 0
    index_writes: float = 0

    def ask(self, params: dict[str, Any], **_: object) -> None:
        params["ReturnConsumedCapacity"] = "INDEXES"

    def note(self, http_response: Any, parsed: Mapping[str, Any], model: Any, **_: object) -> None:
        self.operations.append(model.name)
        if http_response.status_code >= 300:
            self.failed.append(parsed["Error"]["Code"])
            return
        consumed = parsed["ConsumedCapacity"]
        for part in consumed if isinstance(consumed, list) else [consumed]:
            self.units += part["CapacityUnits"]
            self.read_units += part["CapacityUnits"] if model.name in READS else 0
            indexes = part.get("GlobalSecondaryIndexes", {}).values()
            self.index_writes += sum(index["CapacityUnits"] for index in indexes)

    @property
    def write_units(self) -> float:
        """Of the units, those of writes."""
        return self.units - self.read_units

    def reset(self) -> None:
        self.operations, self.failed = [], []
        self.units = self.read_units = self.index_writes = 0


@contextlib.contextmanager
def metered(client: Any, meter: Meter | None = None) -> Iterator[Meter]:
    """Counts what this client asks of DynamoDB within the block; into a meter that is given, or a new one."""
    meter = Meter() if meter is None else meter
    events = client.meta.events
    events.register("before-parameter-build.dynamodb", meter.ask)
    events.register("after-call.dynamodb", meter.note)
    try:
        yield meter
    finally:
        events.unregister("before-parameter-build.dynamodb", meter.ask)
        events.unregister("after-call.dynamodb", meter.note)
