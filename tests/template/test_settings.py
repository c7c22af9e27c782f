"""Settings and template say the same: each function is given the variables that it reads, and no others."""

import pytest

from engines.template import environment, functions, template
from engines.transformation import SHOP
from paylink.settings import EVERY_FUNCTION, Settings

# Powertools reads these by itself.
POWERTOOLS = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_LOG_LEVEL"}
PHYSICAL_IDS = {
    "Table": "a-table",
    "MerchantSecret": "a-secret",
    "StackSecret": "another-secret",
    "WebhookSecret": "a-third-secret",
    "TelegramSecret": "a-fourth-secret",
    "DeliveryQueue": "https://sqs.example/delivery",
    "DeadLetters": "https://sqs.example/dead-letters",
    "UnpublishedQueue": "https://sqs.example/unpublished",
    "StreamFailures": "https://sqs.example/stream-failures",
    "MessageTopic": "a-topic",
}


def logical_id(settings: type[Settings]) -> str:
    return "".join(word.capitalize() for word in settings.function.split("_"))


def test_every_function_has_settings() -> None:
    assert {logical_id(settings) for settings in EVERY_FUNCTION} == set(functions())


@pytest.mark.parametrize("settings", EVERY_FUNCTION)
def test_a_function_is_given_what_it_reads_and_no_more(settings: type[Settings]) -> None:
    given = set(functions()[logical_id(settings)]["Environment"]["Variables"])
    assert given == {*settings.variables(), *POWERTOOLS}


@pytest.mark.parametrize("settings", EVERY_FUNCTION)
def test_the_templates_defaults_can_be_read(settings: type[Settings]) -> None:
    read = settings.read(environment(logical_id(settings), PHYSICAL_IDS, **SHOP))
    assert read.table == "a-table"


def choices() -> list[tuple[str, str]]:
    return [
        (name, str(value))
        for name, parameter in template()["Parameters"].items()
        for value in parameter.get("AllowedValues", [parameter.get("MinValue"), parameter.get("MaxValue")])
        if value is not None
    ]


@pytest.mark.parametrize(("parameter", "value"), choices())
def test_every_value_that_may_be_chosen_can_be_read(parameter: str, value: str) -> None:
    for settings in EVERY_FUNCTION:
        variables = environment(logical_id(settings), PHYSICAL_IDS, **{**SHOP, parameter: value})
        assert settings.read(variables)


def test_every_parameter_reaches_something() -> None:
    used = {
        value["Ref"]
        for function in functions().values()
        for value in function["Environment"]["Variables"].values()
        if isinstance(value, dict)
    }
    elsewhere = {
        *("AlarmEmail", "Architecture", "CanaryDeployments", "CertificateArn", "LogRetentionDays"),
        *("ProvisionedConcurrency", "SnapStart", "Tracing"),
    }
    assert set(template()["Parameters"]) - used == elsewhere
