"""What the local run takes from template.yaml: functions, routes, environments, CORS, table and secrets."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paylink_local.cors import Cors
from paylink_local.errors import TemplateError
from paylink_local.intrinsics import Intrinsics, Value, as_text, read_document
from paylink_local.routes import DEFAULT_ROUTE, Route

ACCOUNT_ID = "123456789012"
REGION = "eu-central-1"
STACK_NAME = "paylink-local"
_PSEUDO_PARAMETERS = {
    "AWS::AccountId": ACCOUNT_ID,
    "AWS::Region": REGION,
    "AWS::Partition": "aws",
    "AWS::StackName": STACK_NAME,
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT_ID}:stack/{STACK_NAME}/local",
    "AWS::URLSuffix": "amazonaws.com",
}
_SERVERLESS_FUNCTION = "AWS::Serverless::Function"
# API Gateway's own limit for an integration that names none, in seconds.
_INTEGRATION_SECONDS = 30.0


@dataclass(frozen=True)
class Function:
    """A function of the template, ready to be run."""

    logical_id: str
    # The code's folder, which is how people call it: `create_payment`.
    name: str
    handler: str
    code: Path
    layers: tuple[Path, ...]
    # Seconds that one invocation may take, and megabytes that it has.
    timeout: float
    memory: int

    @property
    def lambda_name(self) -> str:
        """The function's name as AWS would show it."""
        return f"{STACK_NAME}-{self.logical_id}"


class Template:
    """template.yaml with the parameter values of one local run."""

    def __init__(self, root: Path, parameters: Mapping[str, str]) -> None:
        """Read `root/template.yaml`; raises TemplateError."""
        self._root = root
        self._document = read_document(root / "template.yaml")
        self._intrinsics = Intrinsics(self._document, parameters, _PSEUDO_PARAMETERS)
        for logical_id, _ in self.resources("AWS::Serverless::HttpApi"):
            self._intrinsics.made(logical_id, "local")
        for logical_id, resource in self.resources("AWS::Serverless::LayerVersion"):
            self._intrinsics.made(logical_id, str(self._layer_folder(resource)))
        self.functions = tuple(map(self._function, *zip(*self.resources(_SERVERLESS_FUNCTION), strict=True)))
        for function in self.functions:
            arn = f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:{function.lambda_name}"
            self._intrinsics.made(function.logical_id, function.lambda_name, {"Arn": arn})

    def resources(self, kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield logical id and unresolved properties of each resource of a type whose condition holds."""
        for logical_id, resource in self._document["Resources"].items():
            if resource.get("Type") != kind:
                continue
            if "Condition" in resource and not self._intrinsics.condition(resource["Condition"]):
                continue
            yield logical_id, resource.get("Properties") or {}

    def resolve(self, value: Value) -> Value:
        """Return a value of the template with its intrinsic functions worked out; raises TemplateError."""
        return self._intrinsics.resolve(value)

    def made(self, logical_id: str, ref: str, attributes: Mapping[str, str] | None = None) -> None:
        """Note a resource that was made, so that `!Ref` and `!GetAtt` of it work."""
        self._intrinsics.made(logical_id, ref, attributes)

    def environment(self, function: Function) -> dict[str, str]:
        """Return exactly the variables that the template gives a function; raises TemplateError."""
        properties = self._properties(function)
        variables = {
            **(self._global("Function").get("Environment") or {}).get("Variables", {}),
            **(properties.get("Environment") or {}).get("Variables", {}),
        }
        return {name: as_text(value) for name, value in self.resolve(variables).items()}

    def routes(self) -> list[Route]:
        """Return the HTTP routes of every function; schedules and streams are no routes."""
        return [
            self._route(function, self.resolve(event.get("Properties") or {}))
            for function in self.functions
            for event in (self._properties(function).get("Events") or {}).values()
            if event.get("Type") == "HttpApi"
        ]

    def sources(self, kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield each function's logical id with the unresolved properties of its event sources of a type."""
        for function in self.functions:
            for event in (self._properties(function).get("Events") or {}).values():
                if event.get("Type") == kind:
                    yield function.logical_id, event.get("Properties") or {}

    def cors(self) -> Cors:
        """Return the API's CORS configuration; SAM's Globals count where the API has none of its own."""
        configuration = self._global("HttpApi").get("CorsConfiguration")
        for _, properties in self.resources("AWS::Serverless::HttpApi"):
            configuration = properties.get("CorsConfiguration", configuration)
        return Cors.from_properties(self.resolve(configuration))

    def outputs(self) -> dict[str, str]:
        """Return the outputs whose resources were made here."""
        found: dict[str, str] = {}
        for name, output in (self._document.get("Outputs") or {}).items():
            # Queues and the like stand in the cloud alone, and nothing here asks for their outputs.
            with contextlib.suppress(TemplateError):
                found[name] = as_text(self.resolve(output.get("Value")))
        return found

    def parameters(self) -> dict[str, str]:
        """Return every parameter's value: the run's own, or the template's default."""
        return {name: as_text(self.resolve({"Ref": name})) for name in self._document.get("Parameters") or {}}

    def _properties(self, function: Function) -> Mapping[str, Any]:
        return self._document["Resources"][function.logical_id].get("Properties") or {}

    def _global(self, section: str) -> Mapping[str, Any]:
        found = (self._document.get("Globals") or {}).get(section) or {}
        return found if isinstance(found, Mapping) else {}

    def _function(self, logical_id: str, own: Mapping[str, Any]) -> Function:
        shared = self._global("Function")
        wanted = ("CodeUri", "Handler", "Timeout", "MemorySize")
        merged = {name: own.get(name, shared.get(name)) for name in wanted}
        code_uri, handler = self.resolve(merged["CodeUri"]), self.resolve(merged["Handler"])
        if not isinstance(code_uri, str) or not isinstance(handler, str):
            raise TemplateError(f"template.yaml: {logical_id} needs a CodeUri folder and a Handler")
        layers = self.resolve([*(shared.get("Layers") or []), *(own.get("Layers") or [])])
        code = self._folder(code_uri, logical_id)
        return Function(
            logical_id=logical_id,
            name=code.name,
            handler=handler,
            code=code,
            layers=tuple(Path(layer) for layer in layers if not str(layer).startswith("arn:")),
            timeout=float(self.resolve(merged["Timeout"] or 3)),
            memory=int(self.resolve(merged["MemorySize"] or 128)),
        )

    def _layer_folder(self, properties: Mapping[str, Any]) -> Path:
        folder = self._folder(str(self.resolve(properties.get("ContentUri"))), "the layer")
        # A built layer keeps its packages in python/, a source folder has them at its top.
        return folder / "python" if (folder / "python").is_dir() else folder

    def _folder(self, uri: str, what: str) -> Path:
        folder = (self._root / uri).resolve()
        if not folder.is_dir():
            raise TemplateError(f"template.yaml: the folder {uri} of {what} is not there")
        return folder

    @staticmethod
    def _route(function: Function, event: Mapping[str, Any]) -> Route:
        milliseconds = event.get("TimeoutInMillis")
        method = as_text(event.get("Method", "ANY")).upper()
        return Route(
            method="ANY" if method == "*" else method,
            path=as_text(event.get("Path", DEFAULT_ROUTE)),
            function=function.logical_id,
            timeout=_INTEGRATION_SECONDS if milliseconds is None else float(milliseconds) / 1000,
        )
