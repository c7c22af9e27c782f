"""What an error says beside its code: how many fields are named, and when the same request may come again."""

import pytest

from paylink.domain import errors


@pytest.mark.parametrize(("wrong", "named"), [(49, 49), (50, 50), (51, 50), (500, 50)])
def test_the_first_fifty_wrong_fields_are_named(wrong: int, named: int) -> None:
    entries = [errors.Entry(f"items[{number}]", "is wrong") for number in range(wrong)]
    assert list(errors.InvalidRequest(iter(entries)).entries) == entries[:named]


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (errors.UnusableLink("x"), 300),
        (errors.StillRunning("x", retry_after=7), 7),
        (errors.OperationInFlight("x"), 15),
        (errors.PaymentsPaused("x"), 300),
        (errors.NotConfigured("x"), 300),
        (errors.StoreUnavailable("x"), 5),
        (errors.GatewayMisconfigured("x"), 60),
        (errors.GatewayUnclear("x"), 2),
        (errors.GatewaySilent("x"), 5),
    ],
    ids=lambda value: value.code if isinstance(value, errors.PaylinkError) else "",
)
def test_what_passes_tells_when_to_come_again(error: errors.PaylinkError, seconds: int) -> None:
    assert error.retry_after == seconds


@pytest.mark.parametrize(
    "error",
    [errors.GatewayRefused("x"), errors.OperationRefused("x"), errors.SoldOut("x"), errors.UnknownLink("x")],
    ids=lambda error: error.code,
)
def test_what_is_for_good_names_no_time(error: errors.PaylinkError) -> None:
    assert error.retry_after is None


def test_a_refusal_is_fresh_until_it_is_read_from_the_row() -> None:
    assert errors.GatewayRefused("x").remembered is False
