"""A deployment deploys: whatever changes, the alias that the API calls moves to a new version."""

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


def test_a_new_value_of_any_parameter_is_a_new_version_of_those_that_get_it() -> None:
    other = {
        "AllowedOrigins": "https://other.example",
        "ShopUrl": "https://other.example/",
        "PublicUrl": "https://pay.other.example",
        "Language": "en",
        "GatewayRegion": "uz",
        "GatewayUrl": "https://gateway.example",
        "GatewayPath": "/g2g/payment_page",
        "PaymentMethod": "bankcard",
        "TestMode": "false",
        "AcceptPayments": "false",
        "LifetimeSeconds": "600",
        "CheckCall": "true",
        "KeepContacts": "30",
        "Architecture": "x86_64",
        "LogLevel": "DEBUG",
        "Tracing": "PassThrough",
    }
    assert set(template()["Parameters"]) - set(other) == {"LogRetentionDays"}, (
        "only the log groups get that one"
    )
    before = versions(transform())
    for parameter, value in other.items():
        after = versions(transform(**{parameter: value}))
        changed = {name for name in before if before[name] != after[name]}
        assert changed == functions_that_get(parameter), parameter


def functions_that_get(parameter: str) -> set[str]:
    if parameter in {"Architecture", "LogLevel", "Tracing"}:
        return set(functions())
    return {
        name
        for name, one in functions().items()
        if {"Ref": parameter} in one["Environment"]["Variables"].values()
    }
