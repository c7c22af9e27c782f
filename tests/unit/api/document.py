"""docs/api/openapi.yaml as data, for tests that hold the code against it."""

import copy
import functools
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from engines.places import ROOT

METHODS = ("get", "put", "post", "delete")
JSON = "application/json"
PROBLEM = "application/problem+json"
Document = Mapping[str, Any]


@functools.cache
def document() -> Document:
    """The one copy that tests only read."""
    return yaml.safe_load((ROOT / "docs" / "api" / "openapi.yaml").read_text())


def resolved(node: Any) -> Any:
    """What a node stands for: the target of its `$ref` with the members beside it, or itself."""
    if not isinstance(node, Mapping) or "$ref" not in node:
        return node
    target: Any = document()
    for step in node["$ref"].removeprefix("#/").split("/"):
        target = target[step]
    beside = {name: entry for name, entry in node.items() if name != "$ref"}
    return {**resolved(target), **beside}


def schema(name: str) -> Any:
    return document()["components"]["schemas"][name]


def words(name: str) -> list[Any]:
    """The words of an enumeration."""
    return schema(name)["enum"]


def operations() -> dict[str, Document]:
    """Each operation by its route (`POST /payments`), the parameters of its path with its own."""
    found = {}
    for path, item in document()["paths"].items():
        for method in METHODS:
            if method in item:
                own = [*item.get("parameters", ()), *item[method].get("parameters", ())]
                found[f"{method.upper()} {path}"] = {
                    **item[method],
                    "parameters": [resolved(one) for one in own],
                }
    return found


def answers(route: str) -> dict[int, Document]:
    """The answers of a route by their status."""
    return {int(status): resolved(one) for status, one in operations()[route]["responses"].items()}


def codes(route: str) -> dict[int, frozenset[str]]:
    """The codes of a route's problem documents by their status."""
    found = {}
    for status, answer in answers(route).items():
        content = answer.get("content", {}).get(PROBLEM)
        if content is not None:
            found[status] = frozenset(content["schema"]["properties"]["code"]["enum"])
    return found


def body_schema(route: str, media: str = JSON) -> Any:
    """The schema of a route's body."""
    return resolved(operations()[route]["requestBody"])["content"][media]["schema"]


def validator(wanted: Any, *, closed: bool = False) -> Draft202012Validator:
    """Judges values by a schema of the document; `closed` takes no member that the document does not name."""
    components = closed_answers() if closed else document()["components"]
    return Draft202012Validator({**wanted, "components": components})


@functools.cache
def closed_answers() -> Document:
    """The components with every object closed, for answers: the document leaves clients room, the code has none."""
    components = copy.deepcopy(document()["components"])
    for one in objects(components["schemas"]):
        one.setdefault("additionalProperties", False)
    return components


def objects(node: Any) -> Iterator[dict[str, Any]]:
    """Every schema of an object with named members within a node."""
    if isinstance(node, dict):
        kinds = node.get("type")
        is_object = kinds == "object" or (isinstance(kinds, list) and "object" in kinds)
        if is_object and "properties" in node:
            yield node
        for one in node.values():
            yield from objects(one)
    elif isinstance(node, list):
        for one in node:
            yield from objects(one)


def examples(content: Document) -> Iterator[Any]:
    """The example values of a body or an answer."""
    for one in content.get("examples", {}).values():
        yield one["value"]
