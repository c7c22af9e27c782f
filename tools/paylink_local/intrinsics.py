"""CloudFormation's intrinsic functions: kept when template.yaml is read, worked out on demand."""

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from paylink_local.errors import TemplateError

# Whatever YAML can hold; what is expected where is checked on use.
Value = Any

# A value that asks for its own entry to be left out (AWS::NoValue).
NO_VALUE = object()

_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")


# Parsed in C where PyYAML was built with it: a second less to wait for each start.
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _TemplateLoader(_Loader):  # type: ignore[valid-type, misc]  # either of the two
    """Reads `!Sub x` as `{"Fn::Sub": "x"}`, CloudFormation's own long form."""


def _short_form(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Value
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    else:
        raise TemplateError(f"template.yaml: !{suffix} stands before something that is not a value")
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}


_TemplateLoader.add_multi_constructor("!", _short_form)


def read_document(path: Path) -> dict[str, Any]:
    """Return the template as plain data with intrinsic functions in their long form.

    Raises TemplateError when the file is missing, is not YAML or is not a template.
    """
    try:
        # The loader derives from SafeLoader: it builds plain data only.
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_TemplateLoader)  # noqa: S506
    except OSError as error:
        raise TemplateError(f"{path.name} cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise TemplateError(f"{path.name} is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(document, dict) or not isinstance(document.get("Resources"), dict):
        raise TemplateError(f"{path.name} has no Resources")
    return document


def as_text(value: Value) -> str:
    """Return a resolved scalar as CloudFormation would pass it on: `true`, not `True`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


class Intrinsics:
    """Works out values of one template with the given parameters and the resources made so far."""

    def __init__(
        self,
        document: Mapping[str, Any],
        parameters: Mapping[str, str],
        pseudo: Mapping[str, str],
    ) -> None:
        """Take the document, parameter values that replace its defaults, and the `AWS::` values."""
        self._document = document
        self._pseudo = dict(pseudo)
        self._parameters = self._parameter_values(parameters)
        self._refs: dict[str, str] = {}
        self._attributes: dict[tuple[str, str], str] = {}
        self._functions: dict[str, Callable[[Any], Any]] = {
            "Ref": self._ref,
            "Condition": self.condition,
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::Join": self._join,
            "Fn::Split": self._split,
            "Fn::Select": self._select,
            "Fn::If": self._if,
            "Fn::Equals": lambda pair: as_text(self.resolve(pair[0])) == as_text(self.resolve(pair[1])),
            "Fn::Not": lambda one: not self.resolve(one[0]),
            "Fn::And": lambda parts: all(self.resolve(part) for part in parts),
            "Fn::Or": lambda parts: any(self.resolve(part) for part in parts),
            "Fn::FindInMap": self._find_in_map,
            "Fn::Base64": lambda text: base64.b64encode(as_text(self.resolve(text)).encode()).decode(),
        }

    def made(self, logical_id: str, ref: str, attributes: Mapping[str, str] | None = None) -> None:
        """Note a resource that now exists: what `!Ref` gives and what `!GetAtt` gives."""
        self._refs[logical_id] = ref
        for name, value in (attributes or {}).items():
            self._attributes[logical_id, name] = value

    def resolve(self, value: Value) -> Value:
        """Return the value with every intrinsic function in it worked out; raises TemplateError."""
        if isinstance(value, Mapping):
            if len(value) == 1:
                name, argument = next(iter(value.items()))
                if name in self._functions:
                    return self._functions[name](argument)
                if isinstance(name, str) and name.startswith("Fn::"):
                    raise TemplateError(f"template.yaml: {name} is not known to the local run")
            resolved = {key: self.resolve(part) for key, part in value.items()}
            return {key: part for key, part in resolved.items() if part is not NO_VALUE}
        if isinstance(value, list):
            return [part for part in map(self.resolve, value) if part is not NO_VALUE]
        return value

    def condition(self, name: str) -> bool:
        """Return whether the named condition holds; raises TemplateError when there is none."""
        conditions = self._document.get("Conditions") or {}
        if name not in conditions:
            raise TemplateError(f"template.yaml has no condition {name}")
        return bool(self.resolve(conditions[name]))

    def _parameter_values(self, given: Mapping[str, str]) -> dict[str, str | list[str]]:
        declared = self._document.get("Parameters") or {}
        unknown = sorted(set(given) - set(declared))
        if unknown:
            raise TemplateError(f"template.yaml has no parameter {', '.join(unknown)}; the local run sets it")
        values: dict[str, str | list[str]] = {}
        for name, declaration in declared.items():
            if name in given or "Default" in declaration:
                text = given.get(name, as_text(declaration.get("Default")))
                is_list = declaration.get("Type") in {"CommaDelimitedList", "List<Number>", "List<String>"}
                values[name] = [part.strip() for part in text.split(",")] if is_list else text
        return values

    def _ref(self, name: str) -> Value:
        if name == "AWS::NoValue":
            return NO_VALUE
        for known in (self._parameters, self._pseudo, self._refs):
            if name in known:
                return known[name]
        if name in (self._document.get("Parameters") or {}):
            raise TemplateError(f"template.yaml: parameter {name} has no default and the local run sets none")
        raise TemplateError(f"template.yaml: !Ref {name} names nothing that the local run makes")

    def _get_att(self, argument: Sequence[str]) -> str:
        logical_id, attribute = argument[0], ".".join(argument[1:])
        try:
            return self._attributes[logical_id, attribute]
        except KeyError:
            raise TemplateError(
                f"template.yaml: !GetAtt {logical_id}.{attribute} names nothing that the local run makes"
            ) from None

    def _sub(self, argument: Value) -> str:
        text, local = (argument, {}) if isinstance(argument, str) else (argument[0], argument[1])

        def replaced(match: re.Match[str]) -> str:
            name = match.group(1).strip()
            if name.startswith("!"):
                return f"${{{name[1:]}}}"
            if name in local:
                return as_text(self.resolve(local[name]))
            if "." in name:
                return self._get_att(name.split("."))
            return as_text(self._ref(name))

        return _PLACEHOLDER.sub(replaced, text)

    def _join(self, argument: Sequence[Any]) -> str:
        return as_text(argument[0]).join(as_text(part) for part in self.resolve(argument[1]))

    def _split(self, argument: Sequence[Any]) -> list[str]:
        return as_text(self.resolve(argument[1])).split(as_text(argument[0]))

    def _select(self, argument: Sequence[Any]) -> Value:
        return self.resolve(argument[1])[int(self.resolve(argument[0]))]

    def _if(self, argument: Sequence[Any]) -> Value:
        return self.resolve(argument[1] if self.condition(argument[0]) else argument[2])

    def _find_in_map(self, argument: Sequence[Any]) -> Value:
        found: Value = self._document.get("Mappings") or {}
        keys = [as_text(self.resolve(part)) for part in argument[:3]]
        for key in keys:
            if not isinstance(found, Mapping) or key not in found:
                raise TemplateError(f"template.yaml has no mapping {'/'.join(keys)}")
            found = found[key]
        return self.resolve(found)
