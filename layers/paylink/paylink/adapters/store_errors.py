"""The one place where the SDK's errors become ours."""

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


class translated:  # noqa: N801 — read as the verb that it is: `with translated("DynamoDB"):`
    """Turns what the SDK raises into ConditionFailed or StoreUnavailable; a bug of ours stays what it is.

    StoreUnavailable says nothing about whether a write arrived: a time-out may have come after it.
    """

    __slots__ = ("_service",)

    def __init__(self, service: str) -> None:
        self._service = service

    def __enter__(self) -> None:
        """Nothing is to be done."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Raises what the error means; one that is not listed here goes on as it is."""
        if isinstance(error, ClientError):
            code = error.response.get("Error", {}).get("Code", "")
            if code == CONDITION_FAILED:
                raise ConditionFailed(error.response.get("Item") or None) from None  # type: ignore[arg-type]
            if code not in _BUGS:
                raise StoreUnavailable(f"{self._service} answered {code}") from error
        elif isinstance(error, BotoCoreError) and not isinstance(error, ParamValidationError):
            raise StoreUnavailable(f"{self._service} did not answer: {type(error).__name__}") from error
