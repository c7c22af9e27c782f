"""Alarms that can fire: each on a metric that exists, told to a topic that CloudWatch may publish to."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from engines.counted import metrics, names_in
from engines.places import ROOT
from engines.template import environment, functions, resources, template
from engines.transformation import SHOP, of_kind, transform
from engines.watched import ALARMS, OWN, Metric, as_sub, metric_of

FUNCTIONS = functions()
TOPIC = {"Ref": "AlarmTopic"}
BACKGROUND = {"Reconcile", "Publish", "Deliver"}
SLOW = sorted(set(FUNCTIONS) - BACKGROUND)
# What the code counts and no alarm watches, with the reason.
UNWATCHED = {
    "DeliveryGivenUp": "the message lies in the dead letters: DeadLettersWaiting rings until it is taken out",
    "PublishFailed": "tried again; PublishBehind rings where that goes on for some minutes",
    "Unpublished": "it lies in its queue: UnpublishedWaiting rings until it is told",
    "WebhookGone": "its messages lie in the dead letters: DeadLettersWaiting rings until they are taken out",
    "CallbackUnreadable": "strangers send rubbish, and what is unsigned says nothing of the shop",
    "GatewayRefused": "an answer to one request, which its sender got",
    "HoldExpiring": "an event tells the owner",
    "OperationDone": "as it should be",
    "OperationRefused": "the operator was told",
    "OperationUnknown": "it is asked for again, and becomes an attention where that does not help",
    "ReconcileAsked": "as it should be",
    "ReconcileFoundPaid": "as it should be: the reason to ask",
    "ReconcileSilent": "asked for again; ReconcileLag watches what comes of it",
    "ReconcileTrouble": "asked for again; ReconcileLag watches what comes of it",
    "ResultOpen": "as it should be",
    "ResultPaid": "as it should be",
    "ResultRejected": "as the rules ask for; rejected money stays on watch until it is returned",
    "ResultUnpaid": "buyers' cards are declined every day",
    "ReturnSignatureRefused": "a return changes no order",
    "ReturnUnmarked": "a return changes no order",
    "ReturnUnread": "a return changes no order",
    "ReturnUnreadable": "a return changes no order",
}


def properties(name: str) -> dict[str, Any]:
    found: dict[str, Any] = ALARMS[name]["Properties"]
    return found


@pytest.mark.parametrize("name", ALARMS)
def test_its_metric_exists(name: str) -> None:
    assert metric_of(properties(name)).fault() is None


@pytest.mark.parametrize(
    "wrong",
    [
        Metric(OWN, "SignaturesRefused", (("service", "paylink"),)),
        Metric(OWN, "SignatureRefused", (("service", "shop"),)),
        Metric(OWN, "SignatureRefused", (("FunctionName", "${GatewayCallback}"),)),
        Metric("AWS/ApiGateway", "5XXError", (("ApiId", "${Api}"),)),
        Metric("AWS/ApiGateway", "5xx", (("ApiName", "${Api}"),)),
        Metric("AWS/Lambda", "Errors", (("FunctionName", "${Nobody}"), ("Resource", "${Nobody}:live"))),
        Metric("AWS/Lambda", "Errors", (("FunctionName", "${Manage}"), ("Resource", "${Deliver}:live"))),
        Metric("AWS/Lambda", "Errors", (("FunctionName", "${Manage}"), ("Resource", "${Manage}"))),
        Metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", (("QueueName", "${DeadLetters}"),)),
    ],
)
def test_a_metric_that_never_holds_a_value_would_be_found(wrong: Metric) -> None:
    assert wrong.fault()


def test_names_are_read_from_the_code() -> None:
    source = """
TABLE = {1: "FromATable", 2: "AlsoFromIt"}
def work(self):
    self._signals.count("Plain")
    parts.signals.count("Either" if so else TABLE[which])
    self.rows.count("NoMetric")
    signals.measure("Seconds", 3)
"""
    assert names_in(source, "count") == {"Plain", "Either", "FromATable", "AlsoFromIt"}
    assert names_in(source, "measure") == {"Seconds"}
    with pytest.raises(AssertionError, match="no name of a metric"):
        names_in("signals.count(anything)", "count")


def test_whatever_is_counted_is_watched_or_left_alone_for_a_reason() -> None:
    watched = {metric_of(one["Properties"]) for one in ALARMS.values()}
    names = {metric.name for metric in watched if metric.namespace == OWN}
    assert metrics("count") | metrics("measure") == names | set(UNWATCHED)
    assert not names & set(UNWATCHED)


def test_counts_reach_cloudwatch_under_the_names_that_alarms_use() -> None:
    counting = """
from paylink.adapters.signals import PowertoolsSignals
signals = PowertoolsSignals()
def handler(event, context):
    signals.count("Attention")
    signals.measure("ReconcileLag", 7)
signals.around(handler)({}, None)
"""
    given = environment("Reconcile", {"Table": "t", "MerchantSecret": "m", "StackSecret": "s"}, **SHOP)
    path = os.pathsep.join([str(ROOT / "layers/paylink"), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", counting],
        env={**os.environ, **given, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    [line] = [json.loads(line) for line in done.stdout.splitlines() if '"_aws"' in line]
    [written] = line["_aws"]["CloudWatchMetrics"]
    assert written["Namespace"] == given["POWERTOOLS_METRICS_NAMESPACE"]
    assert written["Dimensions"] == [["service"]]
    assert line["service"] == "paylink"
    assert {one["Name"]: one["Unit"] for one in written["Metrics"]} == {
        "Attention": "Count",
        "ReconcileLag": "Seconds",
    }


def test_the_namespace_is_the_stacks_own() -> None:
    for function in FUNCTIONS.values():
        variables = function["Environment"]["Variables"]
        assert as_sub(variables["POWERTOOLS_METRICS_NAMESPACE"]) == OWN
        assert variables["POWERTOOLS_SERVICE_NAME"] == "paylink"


def test_no_chosen_log_level_drops_metrics() -> None:
    # A metric is a line without a level, which Lambda takes for INFO.
    assert template()["Conditions"]["Verbose"] == {"Fn::Equals": [{"Ref": "LogLevel"}, "DEBUG"]}
    for function in FUNCTIONS.values():
        assert function["LoggingConfig"]["ApplicationLogLevel"] == {"Fn::If": ["Verbose", "DEBUG", "INFO"]}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_is_watched(function: str) -> None:
    kinds = {"Errors", "Canary"}
    if function not in BACKGROUND:
        kinds |= {"Throttles", "Slow"}
    if function == "Publish":
        kinds.add("Throttles")
    of_it = {
        name.removeprefix(function)
        for name in ALARMS
        if dict(metric_of(properties(name)).dimensions).get("Resource") == f"${{{function}}}:live"
    }
    assert of_it == kinds


def test_alarms_cost_what_the_runbook_says() -> None:
    # Each is 0.10 USD a month after an account's first ten: one that only repeats another is left out.
    text = " ".join((ROOT / "docs/operations.md").read_text().split())
    always = sum("Condition" not in alarm for alarm in ALARMS.values())
    assert f"{always} alarms stand always, and {len(ALARMS) - always} more with `CanaryDeployments`" in text
    price = (len(ALARMS) - 10) / 10
    assert f"{price:.2f} USD a month" in text


@pytest.mark.parametrize("function", SLOW)
def test_it_is_called_slow_before_it_is_cut_off(function: str) -> None:
    alarm, timeout = properties(f"{function}Slow"), FUNCTIONS[function]["Timeout"]
    assert alarm["ExtendedStatistic"] == "p99"
    assert "Statistic" not in alarm
    limits = {"GatewayCallback": 2}
    limit = 1000 * limits.get(function, timeout)
    assert 0.8 * limit <= alarm["Threshold"] < limit


@pytest.mark.parametrize("name", ALARMS)
def test_it_compares_in_a_way_that_cloudwatch_takes(name: str) -> None:
    alarm = properties(name)
    assert alarm["Period"] % 60 == 0
    assert alarm["Period"] * alarm["EvaluationPeriods"] <= 86_400
    assert 1 <= alarm.get("DatapointsToAlarm", 1) <= alarm["EvaluationPeriods"]
    assert len(alarm["AlarmDescription"]) <= 1024
    assert "AlarmName" not in alarm, "a second stack would meet the first one's"
    assert alarm["AlarmActions"] == [TOPIC]
    assert alarm.get("OKActions", [TOPIC]) == [TOPIC]


@pytest.mark.parametrize("name", ALARMS)
def test_one_bad_value_is_enough_and_silence_is_not_an_alarm(name: str) -> None:
    alarm = properties(name)
    if name == "ReconcileStopped":
        assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", 1)
        assert (alarm["Statistic"], alarm["TreatMissingData"]) == ("SampleCount", "breaching")
        return
    assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
    assert alarm["TreatMissingData"] == "notBreaching"
    metric = metric_of(alarm)
    counted = metric.name in {"Errors", "Throttles", "5xx"}
    if counted or metric.name in metrics("count"):
        assert alarm["Statistic"] == "Sum"
        assert 1 <= alarm["Threshold"] <= 5
    elif not name.endswith("Slow"):
        assert alarm["Statistic"] == "Maximum"


def test_reconcile_is_missed_after_several_runs_and_not_after_one() -> None:
    alarm = properties("ReconcileStopped")
    assert metric_of(alarm).name in metrics("measure")
    assert alarm["Period"] * alarm["EvaluationPeriods"] == 900


def test_lateness_is_told_while_there_is_time() -> None:
    [source] = FUNCTIONS["Publish"]["Events"].values()
    given_up = source["Properties"]["MaximumRecordAgeInSeconds"]
    alarm = properties("PublishBehind")
    assert alarm["Threshold"] / 1000 + alarm["Period"] * alarm["EvaluationPeriods"] < given_up
    retention = resources("AWS::SQS::Queue")["DeliveryQueue"]["Properties"]["MessageRetentionPeriod"]
    assert properties("DeliveryOld")["Threshold"] < retention


def test_every_queue_is_watched() -> None:
    watched = {
        dict(metric_of(one["Properties"]).dimensions).get("QueueName")
        for one in ALARMS.values()
        if one["Properties"]["Namespace"] == "AWS/SQS"
    }
    assert watched == {f"${{{name}.QueueName}}" for name in resources("AWS::SQS::Queue")}


def test_cloudwatch_may_publish_to_the_topic() -> None:
    topic = template()["Resources"]["AlarmTopic"]["Properties"]
    # AWS's own key has a policy that leaves CloudWatch out, and nobody can change it.
    assert "KmsMasterKeyId" not in topic
    policy = template()["Resources"]["AlarmTopicPolicy"]["Properties"]
    assert policy["Topics"] == [TOPIC]
    [statement] = policy["PolicyDocument"]["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": TOPIC,
        "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
    }


def test_alarms_go_to_the_one_address_that_was_given() -> None:
    subscription = resources("AWS::SNS::Subscription")["AlarmSubscription"]
    assert subscription["Condition"] == "HasAlarmEmail"
    assert subscription["Properties"] == {
        "TopicArn": TOPIC,
        "Protocol": "email",
        "Endpoint": {"Ref": "AlarmEmail"},
    }
    empty = {"Fn::Equals": [{"Ref": "AlarmEmail"}, ""]}
    assert template()["Conditions"]["HasAlarmEmail"] == {"Fn::Not": [empty]}


def test_the_transform_leaves_alarms_on_aliases_and_versions_that_exist() -> None:
    transformed = transform()
    aliases = {
        one["Properties"]["FunctionName"]["Ref"]: one["Properties"]
        for one in of_kind(transformed, "AWS::Lambda::Alias").values()
    }
    for name, one in of_kind(transformed, "AWS::CloudWatch::Alarm").items():
        values = {pair["Name"]: pair["Value"] for pair in one["Properties"]["Dimensions"]}
        if "Resource" not in values:
            continue
        alias = aliases[values["FunctionName"]["Ref"]]
        assert values["Resource"]["Fn::Sub"].endswith(f":{alias['Name']}"), name
        if "ExecutedVersion" in values:
            assert values["ExecutedVersion"] == alias["FunctionVersion"], name
