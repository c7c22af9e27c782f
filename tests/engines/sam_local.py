"""`sam local`: built functions in containers, one call or a whole API, beside an emulated AWS on this machine."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engines.places import ROOT, SAM_ENVIRONMENT
from engines.processes import LOOPBACK, free_port, serving
from engines.sam import sam_environment, sam_output
from engines.template import CloudFormationLoader, functions

START_SECONDS = 180
INVOKE_SECONDS = 120

Variables = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class SamLocal:
    """`sam local` over one build, with each function's variables by its logical id."""

    folder: Path
    build: Path
    environment: Mapping[str, str]
    parameters: Mapping[str, str]

    def arguments(self, variables: Variables) -> list[str | Path]:
        template, file = self.build / "template-local.json", self.folder / "variables.json"
        template.write_text(json.dumps(self.local_template(variables)))
        file.write_text(json.dumps(variables))
        overrides = [f"{name}={value}" for name, value in self.parameters.items()]
        return [
            "--template",
            template,
            "--env-vars",
            file,
            "--skip-pull-image",
            "--layer-cache-basedir",
            self.folder / "layers",
            "--parameter-overrides",
            *overrides,
        ]

    def local_template(self, variables: Variables) -> dict[str, Any]:
        """The built template, with every variable named: SAM sets none that the template does not."""
        template = CloudFormationLoader((self.build / "template.yaml").read_text()).get_single_data()
        named = template["Globals"]["Function"]["Environment"]["Variables"]
        for function in functions():
            for name in variables[function]:
                named.setdefault(name, "")
        return template

    def invoke(self, function: str, event: Path, variables: Variables) -> dict[str, Any]:
        """The answer of a function to the event in a file."""
        printed = sam_output(
            "local",
            "invoke",
            function,
            "--event",
            event,
            *self.arguments(variables),
            env=dict(self.environment),
            seconds=INVOKE_SECONDS,
        )
        answer: dict[str, Any] = json.loads(printed.strip().splitlines()[-1])
        return answer

    @contextmanager
    def api(self, variables: Variables, port: int) -> Iterator[str]:
        """The API's address, with a container for each function that is called."""
        command = [
            SAM_ENVIRONMENT / "bin" / "sam",
            "local",
            "start-api",
            "--host",
            LOOPBACK,
            "--port",
            str(port),
            "--warm-containers",
            "LAZY",  # a container for each function that is called, when it first is
            *self.arguments(variables),
        ]
        log = self.folder / f"start-api-{port}.log"
        env = sam_environment(dict(self.environment))
        with serving(command, port, log, env=env, cwd=ROOT, seconds=START_SECONDS):
            yield f"http://{LOOPBACK}:{port}"


def api_port() -> int:
    """A port for the API, known before it starts, since the functions' own addresses name it."""
    return free_port()
