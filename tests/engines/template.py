"""template.yaml as data, for tests that hold something against it."""

import functools
from typing import Any

import yaml

from engines.places import TEMPLATE


class CloudFormationLoader(yaml.CSafeLoader):
    """YAML with CloudFormation's short forms: `!Ref x` is read as `{"Ref": "x"}`, `!GetAtt a.b` as a list.

    Parsed in C, for the template is long and read often.
    """


def intrinsic(loader: CloudFormationLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {name: value}


CloudFormationLoader.add_multi_constructor("!", intrinsic)


def load_template(text: str | None = None) -> dict[str, Any]:
    """A fresh copy, which a test may change; of another text where one is given."""
    return CloudFormationLoader(TEMPLATE.read_text() if text is None else text).get_single_data()


@functools.cache
def template() -> dict[str, Any]:
    """The one copy that tests only read."""
    return load_template()


def resources(kind: str) -> dict[str, dict[str, Any]]:
    return {name: one for name, one in template()["Resources"].items() if one["Type"] == kind}


def functions() -> dict[str, dict[str, Any]]:
    """Each function's properties, with the template's globals merged in as SAM does."""
    shared = template()["Globals"]["Function"]
    merged = {}
    for name, resource in resources("AWS::Serverless::Function").items():
        own = resource["Properties"]
        variables = {**shared["Environment"]["Variables"], **own.get("Environment", {}).get("Variables", {})}
        merged[name] = {**shared, **own, "Environment": {"Variables": variables}}
    return merged


def table_request(name: str) -> dict[str, Any]:
    """The CreateTable request that makes a table like the template's."""
    wanted = template()["Resources"]["Table"]["Properties"]
    return {
        "TableName": name,
        **{
            key: wanted[key]
            for key in ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
        },
        "StreamSpecification": {"StreamEnabled": True, **wanted["StreamSpecification"]},
    }


def parameters(**chosen: str) -> dict[str, str]:
    """A value for each parameter: the chosen one, else the default; KeyError where there is neither."""
    known = template()["Parameters"]
    unknown = set(chosen) - set(known)
    if unknown:
        raise KeyError(f"template.yaml has no parameter {sorted(unknown)}")
    return {name: str(chosen[name] if name in chosen else one["Default"]) for name, one in known.items()}


def environment(function: str, physical_ids: dict[str, str], **chosen: str) -> dict[str, str]:
    """The variables that Lambda would give a function of a stack with these parameters and resources."""
    known = {"AWS::StackName": "paylink", **parameters(**chosen), **physical_ids}
    variables = functions()[function]["Environment"]["Variables"]
    return {
        name: known[value["Ref"]] if isinstance(value, dict) else str(value)
        for name, value in variables.items()
    }
