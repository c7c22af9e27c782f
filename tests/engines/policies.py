"""Policies as they are written in a template's text: where a wildcard stands, and whether a reason stands by it."""

from collections.abc import Iterator

import yaml

from engines.template import CloudFormationLoader

GRANTED = ("Action", "Resource", "Principal")


def below(node: yaml.Node) -> Iterator[yaml.Node]:
    """The node itself and all that it holds, mappings by their values."""
    yield node
    children: list[yaml.Node] = []
    if isinstance(node, yaml.SequenceNode):
        children = node.value
    elif isinstance(node, yaml.MappingNode):
        children = [value for _, value in node.value]
    for child in children:
        yield from below(child)


def granted(statement: yaml.MappingNode) -> Iterator[yaml.ScalarNode]:
    """The verbs, resources and principals of a policy's statement, as they are written."""
    parts = {key.value: value for key, value in statement.value}
    if "Effect" in parts:
        for name in GRANTED:
            if name in parts:
                yield from (one for one in below(parts[name]) if isinstance(one, yaml.ScalarNode))


def wildcards(text: str) -> Iterator[tuple[int, bool]]:
    """The line of each wildcard in a policy, and whether a comment stands before it in its own statement."""
    lines = text.splitlines()
    root = yaml.compose(text, Loader=CloudFormationLoader)
    for node in below(root) if root else ():
        for one in granted(node) if isinstance(node, yaml.MappingNode) else ():
            if "*" in one.value:
                before = lines[node.start_mark.line : one.start_mark.line]
                yield one.start_mark.line + 1, any(line.lstrip().startswith("# ") for line in before)
