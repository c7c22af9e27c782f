"""The SAM command line: builds, as `sam deploy` would send them."""

import fcntl
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from engines.places import ROOT, RUNTIME_ENVIRONMENT, SAM_ENVIRONMENT, TEMPLATE

BUILD_SECONDS = 240


def sam(*arguments: str | Path, env: dict[str, str] | None = None, seconds: float = 120) -> str:
    """Runs `sam` in the checkout and gives all that it printed; AssertionError with it where it fails."""
    done = run(*arguments, env=env, seconds=seconds)
    return done.stdout + done.stderr


def sam_output(*arguments: str | Path, env: dict[str, str] | None = None, seconds: float = 120) -> str:
    """Like `sam`, but what went to the standard output alone."""
    return run(*arguments, env=env, seconds=seconds).stdout


def run(
    *arguments: str | Path, env: dict[str, str] | None, seconds: float
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [SAM_ENVIRONMENT / "bin" / "sam", *map(str, arguments)],
        cwd=ROOT,
        env=sam_environment(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, (
        f"sam {arguments[0]} ended with {done.returncode}:\n{done.stdout[-3000:]}\n{done.stderr[-6000:]}"
    )
    return done


def sam_environment(more: dict[str, str] | None = None) -> dict[str, str]:
    # Its own folder comes first: there `sam build` finds the Python 3.13 that the functions are built with.
    return {
        **os.environ,
        "PATH": f"{SAM_ENVIRONMENT / 'bin'}:{os.environ['PATH']}",
        "SAM_CLI_TELEMETRY": "0",
        **(more or {}),
    }


def finish(build: Path) -> None:
    """Compiles a build, as `make build` does."""
    program = [RUNTIME_ENVIRONMENT / "bin" / "python", ROOT / "tools" / "finish_build.py", build]
    subprocess.run(program, check=True, stdout=subprocess.DEVNULL, timeout=60)


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """One folder for all test processes of this run."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def sam_build(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Builds the stack for a processor as `make build` does, once in a run, and gives the folder with the built
    template.yaml.
    """

    def build(architecture: str) -> Path:
        folder = shared_folder(tmp_path_factory) / f"sam-build-{architecture}"
        folder.mkdir(exist_ok=True)
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / "build" / "template.yaml").exists():
                sam(
                    "build",
                    "--template",
                    TEMPLATE,
                    "--build-dir",
                    folder / "build",
                    "--cache-dir",
                    folder / "cache",
                    "--parameter-overrides",
                    f"Architecture={architecture}",
                    seconds=BUILD_SECONDS,
                )
                finish(folder / "build")
        return folder / "build"

    return build
