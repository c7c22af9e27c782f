"""A measurement's row: what was measured, and whether it keeps its bound."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Self

AT_MOST = "at most"
AT_LEAST = "at least"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One number. Without a bound it is reported alone."""

    name: str
    value: float
    unit: str
    """"ms", "MB", "" for a ratio, "x signature"…"""
    bound: float | None = None
    sense: str = AT_MOST
    """How the value stands to its bound: AT_MOST or AT_LEAST."""
    note: str = ""
    """One line for people: what the ratio is of, medians of how many, why it fell short."""

    def __post_init__(self) -> None:
        if self.sense not in {AT_MOST, AT_LEAST}:
            raise ValueError(f"{self.name}: {self.sense} is no sense of a bound")

    @property
    def met(self) -> bool | None:
        """Whether the bound is kept; None where there is none. What is not a number keeps no bound."""
        if self.bound is None:
            return None
        if self.sense == AT_LEAST:
            return self.value >= self.bound
        return self.value <= self.bound

    @property
    def verdict(self) -> str:
        """The word for people."""
        return {None: "", True: "met", False: "NOT met"}[self.met]

    def document(self) -> dict[str, Any]:
        """The row as JSON."""
        return asdict(self)

    @classmethod
    def read(cls, document: dict[str, Any]) -> Self:
        """The row out of its JSON."""
        return cls(**document)


def exit_code(rows: Iterable[Row]) -> int:
    """0 where every bound is kept and anything was measured at all, else 1."""
    measured = list(rows)
    return 0 if measured and all(row.met is not False for row in measured) else 1
