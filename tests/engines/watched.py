"""Alarms and graphs of the template, and what is known of the metrics that they name."""

import json
import re
from dataclasses import dataclass
from typing import Any

from engines.counted import metrics
from engines.template import resources, template

ALARMS = resources("AWS::CloudWatch::Alarm")
OWN = "${AWS::StackName}"
LIVE = "${%s}:live"

# AWS's own metrics that the stack uses, and the sets of dimensions under which AWS keeps them.
ALIAS = ("FunctionName", "Resource")
AWS_METRICS: dict[tuple[str, str], set[tuple[str, ...]]] = {
    ("AWS/Lambda", "Errors"): {ALIAS, (*ALIAS, "ExecutedVersion")},
    ("AWS/Lambda", "Throttles"): {ALIAS},
    ("AWS/Lambda", "Duration"): {ALIAS},
    ("AWS/Lambda", "Invocations"): {ALIAS},
    ("AWS/Lambda", "IteratorAge"): {("FunctionName",)},
    # An HTTP API's names; 4XXError and 5XXError with ApiName are a REST API's.
    ("AWS/ApiGateway", "Count"): {("ApiId",)},
    ("AWS/ApiGateway", "4xx"): {("ApiId",)},
    ("AWS/ApiGateway", "5xx"): {("ApiId",)},
    ("AWS/ApiGateway", "Latency"): {("ApiId",)},
    ("AWS/ApiGateway", "IntegrationLatency"): {("ApiId",)},
    ("AWS/SQS", "ApproximateAgeOfOldestMessage"): {("QueueName",)},
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): {("QueueName",)},
    ("AWS/DynamoDB", "ReadThrottleEvents"): {("TableName",)},
    ("AWS/DynamoDB", "WriteThrottleEvents"): {("TableName",)},
    ("AWS/DynamoDB", "ConsumedReadCapacityUnits"): {("TableName",)},
    ("AWS/DynamoDB", "ConsumedWriteCapacityUnits"): {("TableName",)},
}


@dataclass(frozen=True)
class Metric:
    namespace: str
    name: str
    # In the text of !Sub: `${CreatePayment}`.
    dimensions: tuple[tuple[str, str], ...]

    def fault(self, source: dict[str, Any] | None = None) -> str | None:
        """Why no such metric can ever hold a value in a stack of the template (or of `source`), or None."""
        names = tuple(name for name, _ in self.dimensions)
        if self.namespace == OWN:
            if self.name not in metrics("count") | metrics("measure"):
                return f"nothing counts {self.name}"
            return None if self.dimensions == (("service", "paylink"),) else "not as Powertools writes it"
        if names not in AWS_METRICS.get((self.namespace, self.name), set()):
            return f"AWS keeps no {self.namespace} {self.name} by {', '.join(names)}"
        values = dict(self.dimensions)
        function = values.get("FunctionName", "${}")[2:-1]
        kinds = {name: one["Type"] for name, one in (source or template())["Resources"].items()}
        wanted = {
            "FunctionName": {
                f"${{{name}}}" for name, kind in kinds.items() if kind == "AWS::Serverless::Function"
            },
            "Resource": {LIVE % function},
            "ExecutedVersion": {f"${{{function}.Version.Version}}"},
            "ApiId": {"${Api}"},
            "QueueName": {
                f"${{{name}.QueueName}}" for name, kind in kinds.items() if kind == "AWS::SQS::Queue"
            },
            "TableName": {"${Table}"},
        }
        return next(
            (f"{name} is {value}" for name, value in values.items() if value not in wanted[name]), None
        )


def as_sub(value: Any) -> str:
    """A value of the template as the text of !Sub."""
    match value:
        case {"Ref": name}:
            return f"${{{name}}}"
        case {"Fn::GetAtt": path}:
            return f"${{{'.'.join(path)}}}"
        case {"Fn::Sub": str(text)}:
            return text
    return str(value)


def metric_of(alarm: dict[str, Any]) -> Metric:
    dimensions = tuple((one["Name"], as_sub(one["Value"])) for one in alarm["Dimensions"])
    return Metric(as_sub(alarm["Namespace"]), alarm["MetricName"], dimensions)


def widgets() -> list[dict[str, Any]]:
    body = template()["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    found: list[dict[str, Any]] = json.loads(body)["widgets"]
    return found


def graphed(widget: dict[str, Any]) -> list[Metric]:
    return [
        Metric(namespace, name, tuple(zip(pairs[::2], pairs[1::2], strict=True)))
        for namespace, name, *pairs in widget["properties"]["metrics"]
    ]


def alarms_shown(widget: dict[str, Any]) -> list[str]:
    return [re.fullmatch(r"\$\{(\w+)\.Arn\}", arn)[1] for arn in widget["properties"]["alarms"]]  # type: ignore[index]


GRAPH_TITLES = [one["properties"]["title"] for one in widgets() if one["type"] == "metric"]
