"""The one place where the SDK's errors become ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from paylink.domain.errors import StoreUnavailable

CONDITION_FAILED: Final = "ConditionalCheckFailedException"
_BUGS: Final = frozenset({"ValidationException", "SerializationException"})


class ConditionFailed(Exception):
    """A write's condition did not hold; `item` is the row as it stood (None: no such row)."""

    def __init__(self, item: dict[str, Any] | None) -> None:
        super().__init__("the condition did not hold")
        self.item = item


@contextmanager
def translated(service: str) -> Iterator[None]:
    """Turns what the SDK raises into ConditionFailed or StoreUnavailable; a bug of ours stays what it is.

    StoreUnavailable says nothing about whether a write arrived: a time-out may have come after it.
    """
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code == CONDITION_FAILED:
            raise ConditionFailed(error.response.get("Item") or None) from None  # type: ignore[arg-type]
        if code in _BUGS:
            raise
        raise StoreUnavailable(f"{service} answered {code}") from error
    except ParamValidationError:
        raise
    except BotoCoreError as error:
        raise StoreUnavailable(f"{service} did not answer: {type(error).__name__}") from error
