"""The API under the shop's own domain, with and without the firewall's template before it."""

import re
from typing import Any

import pytest
import yaml

from engines.linted import cfn_lint
from engines.places import ROOT
from engines.template import CloudFormationLoader, functions, template
from engines.transformation import transform

FIREWALL = ROOT / "templates/waf.yaml"
ARN = "arn:aws:acm:eu-central-1:123456789012:certificate/0b1c2d3e-0000-4000-8000-000000000000"


def firewall() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(FIREWALL.read_text(), CloudFormationLoader)  # noqa: S506 — a SafeLoader
    return loaded


def selected(public_url: str) -> str:
    """What the template's Select makes of PublicUrl."""
    index, split = template()["Resources"]["Domain"]["Properties"]["DomainName"]["Fn::Select"]
    separator, text = split["Fn::Split"]
    parts: list[str] = text["Fn::Sub"].replace("${PublicUrl}", public_url).split(separator)
    return parts[index]


def test_the_domain_is_that_of_the_public_address() -> None:
    assert selected("https://pay.shop.example") == "pay.shop.example"
    assert selected("") == "", "where no condition holds, it can be selected all the same"


def test_it_is_made_for_a_certificate_alone() -> None:
    resources = transform()["Resources"]
    for name in ("Domain", "DomainMapping"):
        assert resources[name]["Condition"] == "HasCertificate"
    [configuration] = resources["Domain"]["Properties"]["DomainNameConfigurations"]
    assert configuration == {
        "CertificateArn": {"Ref": "CertificateArn"},
        "EndpointType": "REGIONAL",
        "SecurityPolicy": "TLS_1_2",
    }
    stage = resources["DomainMapping"]["Properties"]["Stage"]["Ref"]
    assert resources[stage]["Type"] == "AWS::ApiGatewayV2::Stage"
    assert template()["Outputs"]["DomainTarget"]["Condition"] == "HasCertificate"


def test_a_certificate_needs_its_domain() -> None:
    pattern = template()["Parameters"]["CertificateArn"]["AllowedPattern"]
    assert re.fullmatch(pattern, ARN)
    assert not re.fullmatch(pattern, "arn:aws:iam::123456789012:server-certificate/shop")
    rule = template()["Rules"]["ACertificateIsForADomain"]
    [assertion] = rule["Assertions"]
    assert assertion["Assert"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "PublicUrl"}, ""]}]}


def test_the_firewalls_template_is_clean() -> None:
    assert cfn_lint(FIREWALL, "--regions", "us-east-1") == ""


def test_the_firewall_lets_every_callback_through_before_all_else() -> None:
    acl = firewall()["Resources"]["Firewall"]["Properties"]
    first, *others = sorted(acl["Rules"], key=lambda rule: rule["Priority"])
    assert first["Action"] == {"Allow": {}}
    passing = [one["ByteMatchStatement"] for one in first["Statement"]["OrStatement"]["Statements"]]
    # Exactly these: what only begins like a callback, to be another path further on, is judged like the rest.
    callbacks = {event["Properties"]["Path"] for event in functions()["GatewayCallback"]["Events"].values()}
    assert {one["SearchString"] for one in passing} == callbacks
    assert {one["PositionalConstraint"] for one in passing} == {"EXACTLY"}
    assert {rule["Name"] for rule in others} == {"too-many", "ill-reputed", "known-attacks", "usual"}
    assert acl["Scope"] == "CLOUDFRONT"


def test_the_firewall_keeps_no_buyers_data() -> None:
    acl = firewall()["Resources"]["Firewall"]["Properties"]
    for one in (acl, *acl["Rules"]):
        assert one["VisibilityConfig"]["SampledRequestsEnabled"] is False
    kinds = {one["Type"] for one in firewall()["Resources"].values()}
    assert "AWS::WAFv2::LoggingConfiguration" not in kinds
    assert "Logging" not in firewall()["Resources"]["Distribution"]["Properties"]["DistributionConfig"]


def test_the_distribution_hands_everything_on_and_stores_nothing() -> None:
    # The host as well: AWS checks the operator's signatures against it.
    behaviour = firewall()["Resources"]["Distribution"]["Properties"]["DistributionConfig"][
        "DefaultCacheBehavior"
    ]
    assert {"GET", "POST", "PUT", "DELETE", "OPTIONS"} <= set(behaviour["AllowedMethods"])
    assert behaviour["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert behaviour["OriginRequestPolicyId"] == "216adef6-5c7f-47e4-b989-5492eafa07d3"


@pytest.mark.parametrize(
    ("parameter", "right", "wrong"),
    [
        ("ApiDomain", "d-abc123.execute-api.eu-central-1.amazonaws.com", "https://d-abc123.execute-api.x"),
        ("PublicDomain", "pay.shop.example", "https://pay.shop.example"),
        ("CertificateArn", ARN.replace("eu-central-1", "us-east-1"), ARN),
    ],
)
def test_the_firewalls_parameters_have_a_form(parameter: str, right: str, wrong: str) -> None:
    pattern = firewall()["Parameters"][parameter]["AllowedPattern"]
    assert re.fullmatch(pattern, right)
    assert not re.fullmatch(pattern, wrong)
