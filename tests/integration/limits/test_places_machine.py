"""Places alone, in any order and repetition: a model beside the row."""

import itertools
from collections.abc import Iterator

import boto3
import moto
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from engines.template import table_request
from paylink.adapters.order_row import unmarshal
from paylink.adapters.places import PARTITION, Places
from paylink.domain.place import Place

TABLE = "places-machine"
ORDERS = st.sampled_from(["pl_a", "pl_b", "pl_c", "pl_d", "pl_e"])
ATTEMPTS = st.integers(1, 3)
things = itertools.count(1)


@pytest.fixture(scope="module", autouse=True)
def table() -> Iterator[None]:
    with moto.mock_aws():
        boto3.client("dynamodb").create_table(**table_request(TABLE))
        yield


class PlacesMachine(RuleBasedStateMachine):
    """Every call of the store, held against who should have what."""

    @initialize(limit=st.integers(1, 6), units=st.lists(st.integers(1, 4), min_size=5, max_size=5))
    def opens(self, limit: int, units: list[int]) -> None:
        self.client = boto3.client("dynamodb")
        self.places = Places(self.client, TABLE)
        self.limit = limit
        thing = f"thing-{next(things)}"
        names = ("pl_a", "pl_b", "pl_c", "pl_d", "pl_e")
        self.wanted = {name: Place(thing, count, limit) for name, count in zip(names, units, strict=True)}
        self.held: dict[str, int] = {}
        """Orders and the last attempt that held their place."""
        self.sold: set[str] = set()

    @property
    def taken(self) -> int:
        return sum(self.wanted[order_id].units for order_id in {*self.held, *self.sold})

    def fits(self, order_id: str) -> bool:
        return self.taken + self.wanted[order_id].units <= self.limit

    @rule(order_id=ORDERS, attempt=ATTEMPTS)
    def holds(self, order_id: str, attempt: int) -> None:
        has_it = order_id in self.held or order_id in self.sold
        expected = has_it or self.fits(order_id)
        assert self.places.hold(self.wanted[order_id], order_id, attempt) is expected
        if expected and order_id not in self.sold:
            self.held[order_id] = max(attempt, self.held.get(order_id, 0))

    @rule(order_id=ORDERS)
    def sells(self, order_id: str) -> None:
        expected = order_id in self.held or order_id in self.sold or self.fits(order_id)
        assert self.places.sell(self.wanted[order_id], order_id) is expected
        if expected and order_id not in self.sold:
            self.held.pop(order_id, None)
            self.sold.add(order_id)

    @rule(order_id=ORDERS, attempt=ATTEMPTS)
    def gives_back(self, order_id: str, attempt: int) -> None:
        self.places.give_back(self.wanted[order_id], order_id, attempt)
        if self.held.get(order_id, attempt + 1) <= attempt:
            del self.held[order_id]

    @invariant()
    def the_row_says_the_same(self) -> None:
        key = {"pk": {"S": PARTITION}, "sk": {"S": self.wanted["pl_a"].id}}
        row = unmarshal(self.client.get_item(TableName=TABLE, Key=key).get("Item", {}))
        entries = {name: entry for name, entry in row.items() if name[:2] in {"h ", "s "}}
        units = {name: place.units for name, place in self.wanted.items()}
        held = {f"h {name}": [units[name], attempt] for name, attempt in self.held.items()}
        assert entries == held | {f"s {name}": units[name] for name in self.sold}
        assert int(row.get("taken", 0)) == self.taken <= self.limit

    @rule(order_id=ORDERS)
    def counts(self, order_id: str) -> None:
        has_it = order_id in self.held or order_id in self.sold
        own = self.wanted[order_id].units if has_it else 0
        assert self.places.left(self.wanted[order_id], order_id) == self.limit - self.taken + own


PlacesMachine.TestCase.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
TestPlacesMachine = PlacesMachine.TestCase
