"""The house's rules over a template's text, as it is written and as CloudFormation gets it.

`faults` names each place that breaks one, so that a deliberately broken copy shows that it would be found.
"""

import re
from collections.abc import Iterator
from typing import Any

from engines.policies import wildcards
from engines.template import load_template
from engines.transformation import of_kind, transform
from engines.watched import metric_of

API_MILLISECONDS = 29_000
SCHEDULE_SECONDS = 60
PUBLIC, SIGNED = "NONE", "AWS_IAM"
ALARM = "AWS::CloudWatch::Alarm"
# Verbs for which AWS has no resources to name.
EVERYWHERE = {"cloudwatch:DescribeAlarms", "xray:PutTelemetryRecords", "xray:PutTraceSegments"}
# For whom its caller waits: three alarms; in the background: errors, and an alarm on what would come late.
WAITED_FOR = (("Errors", "Sum"), ("Throttles", "Sum"), ("Duration", "p99"))
LATENESS = {"Reconcile": "ReconcileLag", "Publish": "IteratorAge", "Deliver": "ApproximateAgeOfOldestMessage"}


def faults(text: str) -> list[str]:
    """What breaks a rule; empty where all is well."""
    source = load_template(text)
    transformed = transform(load_template(text))
    return [
        *(
            f"line {line}: a wildcard without its reason"
            for line, reasoned in wildcards(text)
            if not reasoned
        ),
        *of_functions(source, transformed),
        *of_alarms(source),
        *of_routes(source, transformed),
        *of_roles(transformed),
    ]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def written(source: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Each function's own properties."""
    return {name: one["Properties"] for name, one in of_kind(source, "AWS::Serverless::Function").items()}


def of_functions(source: dict[str, Any], transformed: dict[str, Any]) -> Iterator[str]:
    own = written(source)
    lambdas = {name: one["Properties"] for name, one in of_kind(transformed, "AWS::Lambda::Function").items()}
    if set(lambdas) != set(own):
        yield f"the transform adds or drops functions: {set(lambdas) ^ set(own)}"
    for part in ("LoggingConfig", "Role"):
        named = [str(properties.get(part)) for properties in lambdas.values()]
        yield from (
            f"{name}: shares its {part}"
            for name, one in lambdas.items()
            if named.count(str(one.get(part))) > 1
        )
    for name, properties in lambdas.items():
        group = properties.get("LoggingConfig", {}).get("LogGroup", {}).get("Ref", "")
        if transformed["Resources"].get(group, {}).get("Type") != "AWS::Logs::LogGroup":
            yield f"{name}: no log group of its own"
        events = own[name].get("Events", {}).values()
        yield from too_long(name, properties["Timeout"], events, source)


def too_long(name: str, seconds: int, events: Any, source: dict[str, Any]) -> Iterator[str]:
    """Whether whoever calls a function gives up before it does."""
    for event in events:
        match event["Type"], event["Properties"]:
            case "HttpApi", {"TimeoutInMillis": int(patience)}:
                if seconds * 1000 >= patience or patience > API_MILLISECONDS:
                    yield f"{name}: {seconds} s are not below the API's {patience} ms"
            case "HttpApi", _:
                yield f"{name}: a route does not say how long it waits"
            case "Schedule", _:
                if seconds >= SCHEDULE_SECONDS:
                    yield f"{name}: {seconds} s are not below its schedule's {SCHEDULE_SECONDS}"
            case "SQS", {"Queue": {"Fn::GetAtt": [queue, _]}}:
                visible = source["Resources"][queue]["Properties"]["VisibilityTimeout"]
                if visible < 6 * seconds:
                    yield f"{name}: its queue shows a message again after {visible} s"


def of_alarms(source: dict[str, Any]) -> Iterator[str]:
    found: dict[str, set[tuple[str, str]]] = {}
    for name, one in of_kind(source, ALARM).items():
        properties = one["Properties"]
        metric = metric_of(properties)
        if fault := metric.fault(source):
            yield f"{name}: {fault}"
        if properties.get("AlarmActions") != [{"Ref": "AlarmTopic"}]:
            yield f"{name}: tells nobody"
        values = dict(metric.dimensions)
        if "ExecutedVersion" not in values:
            statistic = properties.get("ExtendedStatistic", properties.get("Statistic"))
            function = values.get("FunctionName", "${}")[2:-1]
            found.setdefault(function, set()).add((metric.name, statistic))
    names = {metric for several in found.values() for metric, _ in several}
    for name, properties in written(source).items():
        kinds = {event["Type"] for event in properties["Events"].values()}
        wanted = set(WAITED_FOR if kinds == {"HttpApi"} else WAITED_FOR[:1])
        if "DynamoDB" in kinds:
            # A stream that nobody reads tells no age.
            wanted.add(WAITED_FOR[1])
        yield from (f"{name}: no alarm on {metric}" for metric, _ in wanted - found.get(name, set()))
        if kinds != {"HttpApi"} and LATENESS.get(name) not in names:
            yield f"{name}: no alarm on its lateness"


def of_routes(source: dict[str, Any], transformed: dict[str, Any]) -> Iterator[str]:
    for name, properties in written(source).items():
        for one, event in properties["Events"].items():
            if event["Type"] == "HttpApi":
                authorizer = event["Properties"].get("Auth", {}).get("Authorizer")
                if authorizer not in (PUBLIC, SIGNED):
                    yield f"{name}.{one}: names no authorizer"
    for api in of_kind(transformed, "AWS::ApiGatewayV2::Api").values():
        for path, methods in api["Properties"]["Body"]["paths"].items():
            for method, operation in methods.items():
                if operation.get("security") not in ([{PUBLIC: []}], [{SIGNED: []}]):
                    yield f"{method} {path}: has no authorizer"


def statements(transformed: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each statement of each role."""
    for name, role in of_kind(transformed, "AWS::IAM::Role").items():
        for policy in role["Properties"].get("Policies", ()):
            for one in policy["PolicyDocument"]["Statement"]:
                yield name, one["Fn::If"][1] if "Fn::If" in one else one


def of_roles(transformed: dict[str, Any]) -> Iterator[str]:
    for name, role in of_kind(transformed, "AWS::IAM::Role").items():
        if "ManagedPolicyArns" in role["Properties"]:
            yield f"{name}: has a policy that others write"
    for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::Lambda::Url"):
        yield from (f"{name}: is a {kind}" for name in of_kind(transformed, kind))
    for name, statement in statements(transformed):
        if {"NotAction", "NotResource"} & set(statement):
            yield f"{name}: grants all but something"
            continue
        actions = listed(statement["Action"])
        yield from (
            f"{name}: {action} is no exact verb"
            for action in actions
            if not re.fullmatch(r"[a-z0-9-]+:[A-Z][A-Za-z]+", action)
        )
        for resource in listed(statement["Resource"]):
            if resource == "*":
                yield from (f"{name}: {action} on everything" for action in sorted(set(actions) - EVERYWHERE))
            elif not of_the_stack(resource, transformed):
                yield f"{name}: {resource} is nothing of the stack"


def of_the_stack(resource: Any, transformed: dict[str, Any]) -> bool:
    """Whether an ARN is made of a resource of the stack, or is the event bus that its owner named."""
    match resource:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
            return name in transformed["Resources"]
        case {"Fn::Sub": str(text)}:
            bus = text.endswith(":event-bus/${EventBus}")
            return bus or re.match(r"\$\{(\w+)", text)[1] in transformed["Resources"]  # type: ignore[index]
    return False
