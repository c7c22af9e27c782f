"""Engines, and an environment that no machine's own settings reach into."""

import os

import pytest
from hypothesis import HealthCheck, settings

from engines import reporting

pytest_plugins = [
    "engines.browser",
    "engines.containers",
    "engines.dynamodb_local",
    "engines.embedded_aws",
    "engines.lambda_runtime",
    "engines.order",
    "engines.page_checkers",
    "engines.sam",
]

# Before anything imports them: the proofs do too.
pytest.register_assert_rewrite("integration.operations.sums", "integration.create.assertions")

# Made-up credentials: nothing that a test starts could reach a real account, even if it reached the network.
AWS_SETTINGS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_REGION": "eu-central-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "SAM_CLI_TELEMETRY": "0",
}


# Examples are searched for anew at each run at home; in CI the same ones each time, so that a red run is about
# the change. No deadline: how long one example takes says more about the machine than about the code.
# A shared or busy machine is slow now and then; how long one example takes says nothing here.
UNHURRIED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow], "print_blob": True}
settings.register_profile("home", **UNHURRIED)
settings.register_profile("ci", derandomize=True, database=None, **UNHURRIED)


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("ci" if reporting.in_ci() else "home")
    foreign = [name for name in os.environ if name.startswith("AWS_") or name.lower().endswith("_proxy")]
    for name in foreign:
        del os.environ[name]
    os.environ.update(AWS_SETTINGS)


def pytest_runtest_setup(item: pytest.Item) -> None:
    reporting.require_engines(item)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reporting.summarize(terminalreporter)


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if (
        reporter
        and session.exitstatus == pytest.ExitCode.OK
        and reporting.in_ci()
        and reporting.not_run(reporter)
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
