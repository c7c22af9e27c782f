"""Faults on demand: which ones there are, and handing them out one by one."""

import itertools
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

_OPERATION = {
    "slow": "does it at once and answers after `seconds`",
    "slow_before": "waits `seconds`, then does it and answers",
    "drop_before": "closes the connection and does nothing",
    "drop_after": "does it and closes the connection without an answer",
    "later": "closes the connection, and does it `seconds` later on the sandbox's clock",
    "refused": "does nothing and answers a signed error with `code` and `description`",
    "error": "answers an unsigned error with `code`, `description`, `http_status`; `created`: does it all the same",
    "http_500": "answers HTTP 500 with a plain page; `created` as above",
    "html": "answers HTTP 200 with a web page; `created` as above",
    "garbage": "does it and answers a piece of XML",
    "unsigned": "does it and answers without a signature",
    "wrong_signature": "does it and signs the answer with another key",
}
# Which kinds of fault each operation knows, and what they do.
KINDS: Mapping[str, Mapping[str, str]] = {
    "create": {
        "slow": "creates the payment at once and answers after `seconds`",
        "slow_before": "waits `seconds`, then creates the payment and answers",
        "drop_before": "closes the connection and creates nothing",
        "drop_after": "creates the payment and closes the connection without an answer",
        "http_500": "answers HTTP 500 with a plain page; `created` says whether the payment exists",
        "html": "answers HTTP 200 with a web page; `created` as above",
        "error": "answers an unsigned error with `code`, `description`, `http_status`; `created` as above",
        "garbage": "creates the payment and answers a piece of XML",
        "unsigned": "creates the payment and answers without a signature",
        "wrong_signature": "creates the payment and signs the answer with another key",
        "error_then_paid": "creates the payment, answers as error; paid after `seconds`, or by a later call",
    },
    "status": {
        "slow": "answers after `seconds`",
        "drop_before": "closes the connection without an answer",
        "http_500": "answers HTTP 500 with a plain page",
        "html": "answers HTTP 200 with a web page",
        "error": "answers an unsigned error with `code`, `description`, `http_status`",
        "garbage": "answers a piece of XML",
        "unsigned": "answers without a signature",
        "wrong_signature": "signs the answer with another key",
    },
    "clearing": _OPERATION,
    "cancel": _OPERATION,
    "refund": {
        **_OPERATION,
        "fails_later": "is accepted, then listed as failed: at once, or after `seconds` in process",
        "pending": "is accepted and listed as in process, and as done after `seconds`, or never",
    },
    "check": {
        "slow": "calls after `seconds`",
        "lost": "never reaches the shop, which counts as no answer",
        "doubled": "the same message arrives twice",
        "wrong_signature": "is signed with another key",
    },
    "result": {
        "slow": "calls after `seconds` of waiting",
        "lost": "never reaches the shop; the retries follow on the sandbox's clock",
        "reply_lost": "reaches the shop, whose answer is lost; the retries follow",
        "doubled": "the same message arrives twice",
        "early": "the payment is paid and notified before the create request is answered",
        "delayed": "arrives `seconds` later on the sandbox's clock",
        "out_of_order": "a failure of the same payment arrives after its success",
        "wrong_signature": "is signed with another key",
        "tampered": "arrives with its amount altered after it was signed",
        "wrong_amount": "another sum is charged than was asked for, and told with a right signature",
        "wrong_currency": "another currency is charged than was asked for, and told with a right signature",
    },
}
_TYPES: Mapping[str, tuple[type, ...]] = {
    "operation": (str,),
    "kind": (str,),
    "times": (int, type(None)),
    "order_id": (str, type(None)),
    "seconds": (int, float, type(None)),
    "code": (str,),
    "description": (str,),
    "http_status": (int,),
    "created": (bool,),
}
ACTING = frozenset(
    {"slow", "slow_before", "drop_after", "wrong_signature", "error_then_paid"}
    | {"garbage", "unsigned", "fails_later", "pending"}
)
# Decided before the notice leaves, or while it is first on its way; the others can meet any delivery.
EARLY = frozenset({"early"})
CHARGED = frozenset({"wrong_amount", "wrong_currency"})
FIRST_DELIVERY = frozenset({"delayed", "out_of_order"})


@dataclass(frozen=True)
class Fault:
    """One fault. `times` None means always; `order_id` limits it to one order; `seconds` are at most 120."""

    operation: str
    kind: str
    times: int | None = 1
    order_id: str | None = None
    seconds: float | None = None
    code: str = "9999"
    description: str = "System error"
    http_status: int = 200
    created: bool = False

    def __post_init__(self) -> None:
        """Hold the fault against what the operation knows. Raises ValueError."""
        for name, kinds in _TYPES.items():
            value = getattr(self, name)
            if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
                raise ValueError(f"{name} is of the wrong kind")
        if self.kind not in KINDS.get(self.operation, {}):
            raise ValueError(f"there is no fault {self.kind!r} of {self.operation!r}; see KINDS")
        if self.times is not None and self.times < 1:
            raise ValueError("times must be 1 or more, or null for always")
        if self.seconds is None and self.kind in {"slow", "slow_before", "delayed", "later"}:
            raise ValueError(f"{self.kind} needs seconds")
        if self.seconds is not None and not 0 <= self.seconds <= (
            120 if self.kind.startswith("slow") else 10**8
        ):
            raise ValueError("seconds are out of bounds")
        if not 200 <= self.http_status <= 599:
            raise ValueError("http_status must be 200 to 599")

    @property
    def acts(self) -> bool:
        """Whether a request under this fault still does what it asks for."""
        return self.created or self.kind in ACTING


class Faults:
    """The faults waiting to happen, first added first used; safe over threads."""

    def __init__(self) -> None:
        """Start with none."""
        self._waiting: dict[int, Fault] = {}
        self._ids = itertools.count(1)
        self._lock = threading.Lock()

    def add(
        self,
        operation: str,
        kind: str,
        *,
        times: int | None = 1,
        order_id: str | None = None,
        seconds: float | None = None,
        code: str = "9999",
        description: str = "System error",
        http_status: int = 200,
        created: bool = False,
    ) -> Fault:
        """Arrange a fault; see KINDS for which there are and Fault for the rest. Raises ValueError."""
        fault = Fault(
            operation, kind, times, order_id, seconds, code, description, http_status, created=created
        )
        self.put(fault)
        return fault

    def put(self, fault: Fault) -> None:
        """Arrange a fault."""
        with self._lock:
            self._waiting[next(self._ids)] = fault

    def drop(self, fault: Fault) -> None:
        """Take a fault back that did not happen."""
        with self._lock:
            for key in [key for key, waiting in self._waiting.items() if waiting is fault]:
                del self._waiting[key]

    def take(
        self, operation: str, order_id: str | None, kinds: Collection[str] | None = None
    ) -> Fault | None:
        """Use up one fault of an operation, of these kinds (None: all that meet a message on its way)."""
        kinds = KINDS[operation].keys() - EARLY - CHARGED if kinds is None else kinds
        with self._lock:
            for key, fault in self._waiting.items():
                fits = fault.operation == operation and fault.order_id in {None, order_id}
                if not fits or fault.kind not in kinds:
                    continue
                if fault.times == 1:
                    del self._waiting[key]
                elif fault.times is not None:
                    self._waiting[key] = replace(fault, times=fault.times - 1)
                return fault
        return None

    def waiting(self) -> list[Fault]:
        """Return what still waits, in order."""
        with self._lock:
            return list(self._waiting.values())

    def clear(self) -> None:
        """Arrange nothing any more."""
        with self._lock:
            self._waiting.clear()
