"""The functions as `sam build` makes them, under AWS's Lambda runtime emulator and AWS's own runtime client."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engines.embedded_aws import MERCHANT_KEY, STACK_KEY, DeployedStack
from engines.lambda_runtime import Start
from engines.processes import tail
from engines.template import functions
from integration.emulated_stack import EmulatedStack, emulated_stack
from integration.event_files import CASES, file_of, logical_id

pytestmark = [pytest.mark.sam, pytest.mark.timeout(300)]


@pytest.fixture
def stack(deployed_stack: Callable[[], DeployedStack]) -> Iterator[EmulatedStack]:
    with emulated_stack(deployed_stack()) as running:
        yield running


@pytest.mark.parametrize("function", functions())
def test_a_built_function_answers_its_events(
    function: str, stack: EmulatedStack, sam_build: Callable[[str], Path], lambda_runtime: Start
) -> None:
    running = lambda_runtime(sam_build("x86_64"), function, stack.variables(function))
    for name, case in CASES.items():
        if logical_id(name) == function:
            stack.prepare()
            answer = running.invoke(json.loads(file_of(name).read_text()))
            assert case.fits(answer), (name, answer)
    log = tail(running.log, 10**6)
    for secret in (MERCHANT_KEY, STACK_KEY, "buyer@example.com", "77771234567", "pg_sig"):
        assert secret not in log


def test_a_function_without_its_settings_says_which_one_is_missing(
    stack: EmulatedStack, sam_build: Callable[[str], Path], lambda_runtime: Start
) -> None:
    variables = stack.variables("PaymentStatus")
    del variables["TABLE_NAME"]
    running = lambda_runtime(sam_build("x86_64"), "PaymentStatus", variables)
    with pytest.raises(AssertionError, match="TABLE_NAME is not set"):
        running.invoke(json.loads(file_of("payment_status/known").read_text()))
