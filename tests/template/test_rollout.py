"""How new versions reach buyers, and how fast functions start."""

import pytest

from engines.template import functions, template
from engines.transformation import of_kind, transform

KEPT_WARM = {"CreatePayment", "LinkPage", "GatewayCallback"}


@pytest.mark.parametrize("name", functions())
def test_a_new_version_gets_a_tenth_first_and_goes_back_where_it_fails(name: str) -> None:
    transformed = transform(CanaryDeployments="true")
    alias = transformed["Resources"][f"{name}Aliaslive"]
    update = alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
    group = transformed["Resources"][update["DeploymentGroupName"]["Ref"]]["Properties"]
    assert group["DeploymentConfigName"]["Fn::Sub"][1] == {"ConfigName": "Canary10Percent5Minutes"}
    assert group["ServiceRoleArn"] == {"Fn::GetAtt": ["DeploymentRole", "Arn"]}
    assert group["AutoRollbackConfiguration"]["Enabled"] is True
    assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
    condition, alarms, _ = group["AlarmConfiguration"]["Fn::If"]
    assert condition == "Canaries"
    assert alarms == {"Enabled": True, "Alarms": [{"Name": {"Ref": f"{name}Canary"}}]}


@pytest.mark.parametrize("name", functions())
def test_what_sends_a_version_back_looks_at_that_version_alone(name: str) -> None:
    # CodeDeploy begins nothing while one of its alarms rings: one on the alias would stop the very mending.
    alarm = template()["Resources"][f"{name}Canary"]
    assert alarm["Condition"] == "Canaries"
    values = {one["Name"]: one["Value"] for one in alarm["Properties"]["Dimensions"]}
    assert values["ExecutedVersion"] == {"Fn::GetAtt": [name, "Version.Version"]}
    assert alarm["Properties"]["Period"] * alarm["Properties"]["EvaluationPeriods"] < 300


def test_without_canaries_nothing_of_codedeploy_is_made() -> None:
    transformed = transform(CanaryDeployments="false")
    assert of_kind(transformed, "AWS::CodeDeploy::DeploymentGroup") == {}
    assert of_kind(transformed, "AWS::CodeDeploy::Application") == {}
    assert all("UpdatePolicy" not in one for one in of_kind(transformed, "AWS::Lambda::Alias").values())
    assert template()["Conditions"]["Canaries"] == {"Fn::Equals": [{"Ref": "CanaryDeployments"}, "true"]}


def test_snapshots_are_of_published_versions_and_by_choice() -> None:
    assert template()["Parameters"]["SnapStart"]["Default"] == "false"
    assert template()["Conditions"]["Snapshots"] == {"Fn::Equals": [{"Ref": "SnapStart"}, "true"]}
    for function in of_kind(transform(), "AWS::Lambda::Function").values():
        assert function["Properties"]["SnapStart"] == {
            "ApplyOn": {"Fn::If": ["Snapshots", "PublishedVersions", "None"]}
        }


def test_buyers_and_the_gateway_can_be_kept_warm_for() -> None:
    warm = {
        one["Properties"]["FunctionName"]["Ref"]: one["Properties"]["ProvisionedConcurrencyConfig"]
        for one in of_kind(transform(), "AWS::Lambda::Alias").values()
        if "ProvisionedConcurrencyConfig" in one["Properties"]
    }
    assert set(warm) == KEPT_WARM
    kept = {"ProvisionedConcurrentExecutions": {"Ref": "ProvisionedConcurrency"}}
    for config in warm.values():
        assert config == {"Fn::If": ["KeptWarm", kept, {"Ref": "AWS::NoValue"}]}
    assert template()["Parameters"]["ProvisionedConcurrency"]["Default"] == 0


def test_never_both() -> None:
    rule = template()["Rules"]["SnapshotsOrWarmFunctions"]
    assert rule["RuleCondition"] == {"Fn::Equals": [{"Ref": "SnapStart"}, "true"]}
    [assertion] = rule["Assertions"]
    assert assertion["Assert"] == {"Fn::Equals": [{"Ref": "ProvisionedConcurrency"}, "0"]}
