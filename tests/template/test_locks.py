"""The locks: they hold what pyproject.toml asks for, name no index, and pin the layer to what is tested."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from engines.places import ROOT

REQUIREMENTS = ROOT / "requirements"
LOCKS = sorted(REQUIREMENTS.glob("*.lock"))
LAYER = ROOT / "layers/paylink/requirements.txt"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
# AWS's own runtime brings these; a copy in the layer would be loaded instead, at each cold start.
OF_THE_RUNTIME = {"boto3", "botocore", "s3transfer", "awslambdaric"}


def pins(file: Path) -> dict[str, set[Version]]:
    """Each package with its versions; a universal lock may hold one for older Pythons beside the newest."""
    found: dict[str, set[Version]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", file.read_text(), re.MULTILINE):
        found.setdefault(canonicalize_name(name), set()).add(Version(version))
    return found


def asked_for() -> list[Requirement]:
    lists = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    return [Requirement(text) for one in lists for text in one]


def named_in(file: Path) -> set[str]:
    lines = [line for line in file.read_text().splitlines() if line and not line.startswith("#")]
    return {canonicalize_name(Requirement(line).name) for line in lines}


@pytest.mark.parametrize("requirement", asked_for(), ids=str)
def test_what_the_project_needs_is_locked(requirement: Requirement) -> None:
    locked = pins(REQUIREMENTS / "dev.lock").get(canonicalize_name(requirement.name), set())
    assert locked, "not in the lock: make lock"
    assert all(requirement.specifier.contains(version) for version in locked), "the lock is old: make lock"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_holds_what_its_list_names(lock: Path) -> None:
    listed = lock.with_suffix(".in")
    if lock.name == "dev.lock":
        assert not listed.exists(), "pyproject.toml is its list"
    else:
        assert named_in(listed) <= set(pins(lock))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_has_a_digest_for_each_package_and_names_no_index(lock: Path) -> None:
    text = lock.read_text()
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(entries) >= len(pins(lock)) > 0
    for entry in entries:
        assert "--hash=sha256:" in entry, entry.splitlines()[0]
    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text


def test_the_layer_is_pinned_to_what_is_tested() -> None:
    tested, layer = pins(REQUIREMENTS / "dev.lock"), pins(LAYER)
    assert named_in(REQUIREMENTS / "layer.in") <= set(layer)
    for name, versions in layer.items():
        assert len(versions) == 1
        assert versions <= tested[name], name
    assert not OF_THE_RUNTIME & set(layer)


def test_the_layer_holds_what_the_functions_need() -> None:
    needed = {canonicalize_name(Requirement(text).name) for text in PROJECT["dependencies"]}
    assert needed - OF_THE_RUNTIME == named_in(REQUIREMENTS / "layer.in")
