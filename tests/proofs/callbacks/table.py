"""The orders in this process: the same conditions as the table's, without its milliseconds.

Every order goes through the form that it has in the table. The proof runs a part of its messages against the
embedded table as well and compares, so that this stands for it.
"""

from datetime import datetime
from typing import Any

from integration.deployment import Deployment
from paylink.adapters.order_row import from_row, marshal, to_row, unmarshal
from paylink.domain.notices import ResultNotice
from paylink.domain.order import Order, Payment, PaymentState, Status
from paylink.domain.plain_settlement import PlainSettlement

Row = dict[str, Any]


class Orders:
    """What app.ports.OrderStore says, for one order; `writes` counts what was written."""

    def __init__(self) -> None:
        self._row: Row | None = None
        self.writes = 0
        self.unknown: list[ResultNotice] = []

    def put(self, order: Order) -> None:
        """The order as it stands before a message."""
        self._row, self.writes = marshal(to_row(order)), 0
        self.unknown.clear()

    def stands(self) -> Order:
        assert self._row is not None
        return from_row(unmarshal(self._row))

    def get(self, order_id: str) -> Order | None:
        if self._row is None or self._row["pk"] != {"S": order_id}:
            return None
        return self.stands()

    def save(self, known: Order, changed: Order) -> Order | None:
        present = self.get(known.order_id)
        if present is None:
            raise LookupError(known.order_id)
        if (present.sequence, present.status) != (known.sequence, known.status):
            return present
        self._row = marshal(to_row(changed))
        self.writes += 1
        return None

    def settle_plain(self, plain: PlainSettlement) -> Order | bool:
        present = self.get(plain.order_id)
        if present is None:
            return False
        if not plain.fits(present):
            return present
        paid = Payment(PaymentState.PAID, plain.amount, plain.amount)
        settled = present.moved(
            Status.PAID,
            plain.paid_at,
            paid_at=plain.paid_at,
            captured_amount=plain.amount,
            payments={plain.payment_id: paid},
            answers={**present.answers, plain.digest: "ok"},
            approved=None,
            approved_until=None,
            lease_owner=None,
        )
        self._row = marshal(to_row(settled))
        self.writes += 1
        return True

    def keep_unknown(self, notice: ResultNotice, now: datetime) -> None:
        self.unknown.append(notice)
        self.writes += 1


class EmbeddedTable:
    """The same questions to the embedded table, through the adapter that the function was loaded with."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._order_id = ""
        self._before: list[Row] = []

    def put(self, order: Order) -> None:
        for row in self._deployment.items():
            key = {name: row[name] for name in ("pk", "sk")}
            self._deployment.dynamodb.delete_item(TableName=self._deployment.table, Key=key)
        self._deployment.put_order(order)
        self._order_id = order.order_id
        self._before = self._deployment.items()

    def stands(self) -> Order:
        return self._deployment.order(self._order_id)

    @property
    def writes(self) -> int:
        return int(self._deployment.items() != self._before)


class NoPlaces:
    """No order here needs a place of a limited link."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"places were asked to {name}")
