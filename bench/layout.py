"""The folders that are measured: ours as `sam build` makes it, the references with what they need beside them.

Lambda unpacks a function's and a layer's archive read-only, so what they hold is what is there at every cold start:
nothing is compiled ahead unless the archive brings it. So ours and the references are compiled alike; the runtime's own
folder (boto3, the runtime client) is compiled for everybody.
"""

import compileall
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path
from py_compile import PycInvalidationMode

from packaging.requirements import Requirement

from bench.places import REFERENCES, ROOT, SITE, WORK
from engines.places import RUNTIME_ENVIRONMENT
from engines.sam import sam

RUNTIME: frozenset[str] = frozenset({"boto3", "botocore", "s3transfer", "python-dateutil", "six"})
"""What the Lambda runtime brings, so that no careful deployment packs it."""
NEEDS: dict[str, tuple[str, ...]] = {
    "bare_create_payment": ("requests",),
    "bare_gateway_callback": (),
    "bare_payment_status": (),
    "usual_create_payment": ("aws-lambda-powertools[parser,tracer]", "requests"),
    "usual_gateway_callback": ("aws-lambda-powertools[parser,tracer]",),
    "usual_payment_status": ("aws-lambda-powertools[parser,tracer]", "requests"),
}
"""The distributions of each reference, at the versions of requirements/bench.lock."""


def build_ours() -> Path:
    """The functions and their layer as `make build` makes them, for this machine's processor.

    What `sam build` alone makes is kept beside it.
    """
    compile_runtime()
    folder = WORK / "build"
    sam(
        "build",
        "--template",
        ROOT / "template.yaml",
        "--build-dir",
        folder,
        "--cache-dir",
        WORK / "cache",
        "--parameter-overrides",
        "Architecture=x86_64",
        seconds=240,
    )
    shutil.rmtree(WORK / "as-sam-built", ignore_errors=True)
    shutil.copytree(folder, WORK / "as-sam-built")
    finish = [sys.executable, ROOT / "tools" / "finish_build.py", folder]
    subprocess.run(finish, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 — our own program
    return folder


def compile_runtime() -> None:
    """Compiles what stands for the service's runtime, as the service has it: some installers leave that out."""
    folder = RUNTIME_ENVIRONMENT / "lib" / "python3.13" / "site-packages"
    command = [RUNTIME_ENVIRONMENT / "bin" / "python", "-m", "compileall", "-q", folder]
    subprocess.run(command, check=True)  # noqa: S603 — our own program


def build_reference(name: str) -> Path:
    """A reference's folder: its app.py and its libraries."""
    folder = WORK / "references" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copyfile(REFERENCES / name / "app.py", folder / "app.py")
    for distribution in needed(NEEDS[name]):
        for file in distribution.files or ():
            source = Path(str(distribution.locate_file(file)))
            inside = ".." not in file.parts and file.suffix != ".pyc" and source.is_file()
            if inside:
                target = folder / str(file)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
    compiled = compileall.compile_dir(folder, quiet=2, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
    assert compiled, folder
    return folder


def needed(requirements: tuple[str, ...]) -> list[Distribution]:
    """The distributions that requirements ask for, those that they ask for included."""
    installed = {_name(one.metadata["Name"]): one for one in distributions(path=[str(SITE)])}
    found: dict[str, Distribution] = {}
    waiting = [Requirement(text) for text in requirements]
    while waiting:
        requirement = waiting.pop()
        name = _name(requirement.name)
        if name not in RUNTIME:
            found[name] = installed[name]
            waiting.extend(_asked(installed[name], requirement.extras or {""}))
    return [found[name] for name in sorted(found)]


def _asked(distribution: Distribution, extras: set[str]) -> Iterator[Requirement]:
    for text in distribution.requires or ():
        requirement = Requirement(text)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
            yield requirement


def _name(text: str) -> str:
    return text.lower().replace("_", "-").replace(".", "-")
