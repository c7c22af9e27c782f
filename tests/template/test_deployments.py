"""A deployment deploys: whatever changes, the alias that the API calls moves to a new version."""

import pytest

from engines.template import functions, load_template, template
from engines.transformation import of_kind, transform


def versions(transformed: dict) -> dict[str, str]:
    """Each function's version by its logical id: a new id is a new version."""
    found = of_kind(transformed, "AWS::Lambda::Version")
    return {one["Properties"]["FunctionName"]["Ref"]: name for name, one in found.items()}


def test_the_same_content_is_the_same_deployment() -> None:
    assert transform() == transform()


def test_each_function_has_an_alias_on_its_version() -> None:
    transformed = transform()
    aliases = of_kind(transformed, "AWS::Lambda::Alias")
    pointed = {
        one["Properties"]["FunctionName"]["Ref"]: one["Properties"]["FunctionVersion"]["Fn::GetAtt"][0]
        for one in aliases.values()
    }
    assert pointed == versions(transformed)
    assert {one["Properties"]["Name"] for one in aliases.values()} == {"live"}
    assert set(pointed) == set(functions())


def test_new_code_is_a_new_version() -> None:
    before, after = versions(transform()), versions(transform(code="functions-of-other-content"))
    assert [name for name in before if before[name] == after[name]] == []


def test_a_new_layer_is_a_new_version_of_every_function() -> None:
    before, after = versions(transform()), versions(transform(layer="layer-of-other-content"))
    assert [name for name in before if before[name] == after[name]] == []


def test_without_the_layers_property_a_new_layer_would_deploy_nothing() -> None:
    def transform_without(layer: str) -> dict:
        changed = load_template()
        del changed["Resources"]["PaylinkLayer"]["Properties"]["PublishLambdaVersion"]
        return transform(changed, layer=layer)

    assert versions(transform_without("one")) == versions(transform_without("other"))


OTHER_VALUES = {
    "AcceptPayments": "false",
    "AllowedOrigins": "https://other.example",
    "Architecture": "x86_64",
    "CheckCall": "true",
    "EventBus": "shop",
    "GatewayPath": "/g2g/payment_page",
    "GatewayRegion": "uz",
    "GatewayUrl": "https://gateway.example",
    "HoldPolicy": "capture",
    "KeepContacts": "30",
    "Language": "en",
    "LifetimeSeconds": "600",
    "LogLevel": "DEBUG",
    "MessageEmail": "owner@other.example",
    "OffersNotBefore": "2026-12-31T18:00:00+05:00",
    "PaymentMethod": "bankcard",
    "PublicUrl": "https://pay.other.example",
    "ReceiptTaxType": "3",
    "Receipts": "true",
    "SellerAddress": "Astana, 1 Mangilik El",
    "SellerBin": "123456789012",
    "SellerEmail": "hello@other.example",
    "SellerName": "Other Shop LLP",
    "SellerPhone": "+7 717 123 45 67",
    "SellerRefundTerms": "https://other.example/refund",
    "SellerTerms": "https://other.example/terms",
    "ShopUrl": "https://other.example/",
    "SnapStart": "true",
    "TelegramChat": "-100123456789",
    "TestMode": "false",
    "Tracing": "PassThrough",
    "WebhookUrl": "https://other.example/webhook",
}


def test_every_parameter_that_a_function_gets_is_tried() -> None:
    # These are the log groups', the topic's, the domain's and the aliases' own.
    elsewhere = {
        "AlarmEmail",
        "CanaryDeployments",
        "CertificateArn",
        "LogRetentionDays",
        "ProvisionedConcurrency",
    }
    assert set(template()["Parameters"]) - set(OTHER_VALUES) == elsewhere


UNCHANGED = transform()


@pytest.mark.parametrize("parameter", OTHER_VALUES)
def test_a_new_value_of_a_parameter_is_a_new_version(parameter: str) -> None:
    before, after = versions(UNCHANGED), versions(transform(**{parameter: OTHER_VALUES[parameter]}))
    assert [name for name in before if before[name] == after[name]] == []


def test_a_parameter_that_is_not_listed_would_deploy_nothing() -> None:
    def transform_without(language: str) -> dict:
        changed = load_template()
        choices = changed["Globals"]["Function"]["Tracing"]["Fn::Select"][1]
        choices.remove({"Ref": "Language"})
        return transform(changed, Language=language)

    assert versions(transform_without("ru")) == versions(transform_without("en"))


@pytest.mark.parametrize("tracing", ["Active", "PassThrough"])
def test_the_listed_parameters_leave_tracing_as_chosen(tracing: str) -> None:
    for function in of_kind(transform(Tracing=tracing), "AWS::Lambda::Function").values():
        index, choices = function["Properties"]["TracingConfig"]["Mode"]["Fn::Select"]
        assert (index, choices[0]) == (0, tracing)
