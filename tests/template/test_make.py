"""The Makefile's one piece of reasoning: which processor to build for, and whether a deployment is the first."""

import shutil
import subprocess
from pathlib import Path

import pytest

from engines.places import ROOT

SAVED = 'parameter_overrides = "AllowedOrigins=\\"https://shop.example\\" Architecture=\\"{}\\" LogLevel=\\"INFO\\""'


def dry_run(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["make", "--dry-run", *arguments], cwd=folder, capture_output=True, text=True, timeout=30, check=True
    )
    return done.stdout


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("Makefile", "samconfig.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_before_the_first_deployment_it_builds_for_the_templates_default(checkout: Path) -> None:
    assert "--parameter-overrides Architecture=arm64" in dry_run(checkout, "build")


def test_another_processor_can_be_asked_for(checkout: Path) -> None:
    printed = dry_run(checkout, "deploy-guided", "ARCHITECTURE=x86_64")
    assert printed.count("--parameter-overrides Architecture=x86_64") == 2, (
        "built for it, and offered for the stack"
    )


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_later_it_builds_for_the_processor_that_the_stack_has(checkout: Path, architecture: str) -> None:
    with (checkout / "samconfig.toml").open("a") as file:
        file.write(SAVED.format(architecture) + "\n")
    assert f"--parameter-overrides Architecture={architecture}" in dry_run(checkout, "build")


def test_the_first_deployment_asks_and_later_ones_do_not(checkout: Path) -> None:
    assert "sam deploy --guided --parameter-overrides Architecture=arm64" in dry_run(checkout, "deploy")
    with (checkout / "samconfig.toml").open("a") as file:
        file.write(SAVED.format("arm64") + "\n")
    assert "sam deploy" in dry_run(checkout, "deploy")
    assert "--guided" not in dry_run(checkout, "deploy")


def test_asked_again_the_saved_parameters_are_what_is_offered(checkout: Path) -> None:
    """A parameter on the command line would make SAM forget the saved ones."""
    with (checkout / "samconfig.toml").open("a") as file:
        file.write(SAVED.format("arm64") + "\n")
    (deploying,) = [line for line in dry_run(checkout, "deploy-guided").splitlines() if "sam deploy" in line]
    assert "--guided" in deploying
    assert "--parameter-overrides" not in deploying


def test_the_demo_has_links_and_a_shop_that_are_there(checkout: Path) -> None:
    (running,) = [
        line for line in dry_run(checkout, "demo", "ARGS=--port 0").splitlines() if " local " in line
    ]
    words = running.split()
    for flag in ("--seed", "--shop"):
        assert (ROOT / words[words.index(flag) + 1]).exists()
    assert words[-2:] == ["--port", "0"]


def test_the_storefront_is_released_by_its_tool(checkout: Path) -> None:
    (releasing,) = [
        line for line in dry_run(checkout, "release-storefront").splitlines() if "release" in line
    ]
    assert (ROOT / releasing.split()[-1]).is_file()


def test_a_dry_run_deploys_nothing(checkout: Path) -> None:
    """A recipe line that calls make again runs whole, even where make is only asked what it would do."""
    assert "$(MAKE)" not in (checkout / "Makefile").read_text()
