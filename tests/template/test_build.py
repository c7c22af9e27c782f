"""`sam build`: what goes into the functions and the layer, for both processors."""

import runpy
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from engines.places import ROOT
from engines.template import functions, load_template, template

NEVER_LOADED = runpy.run_path(str(ROOT / "tools" / "finish_build.py"))["NEVER_LOADED"]
pytestmark = [pytest.mark.sam, pytest.mark.timeout(300)]

PLATFORMS = {"x86_64": "x86_64", "arm64": "aarch64"}


def requirements() -> dict[str, str]:
    lines = (ROOT / "layers/paylink/requirements.txt").read_text().splitlines()
    return dict(line.split("==") for line in lines if not line.startswith("#"))


@pytest.mark.parametrize("architecture", PLATFORMS)
def test_the_layer_is_the_package_and_what_it_needs(
    sam_build: Callable[[str], Path], architecture: str
) -> None:
    layer = sam_build(architecture) / "PaylinkLayer" / "python"
    assert (layer / "paylink" / "bootstrap" / "create_payment.py").is_file()
    found = dict(folder.name.removesuffix(".dist-info").split("-", 1) for folder in layer.glob("*.dist-info"))
    assert {name.replace("-", "_"): version for name, version in requirements().items()} == found
    assert not (layer / "boto3").exists(), "boto3 is the runtime's"
    assert not (layer / "tests").exists()


@pytest.mark.parametrize("architecture", PLATFORMS)
def test_compiled_parts_are_the_processors(sam_build: Callable[[str], Path], architecture: str) -> None:
    compiled = list((sam_build(architecture) / "PaylinkLayer").rglob("*.so"))
    assert compiled, "charset-normalizer has compiled parts"
    for file in compiled:
        assert f"cpython-313-{PLATFORMS[architecture]}-linux-gnu" in file.name


@pytest.mark.parametrize("architecture", PLATFORMS)
def test_a_function_is_its_own_folder(sam_build: Callable[[str], Path], architecture: str) -> None:
    for name, function in functions().items():
        source = ROOT / function["CodeUri"]
        files = [*source.rglob("*.py"), *source.glob("assets/*")]
        expected = {str(file.relative_to(source)) for file in files}
        built = sam_build(architecture) / name
        expected.add("__pycache__/app.cpython-313.pyc")
        assert {str(file.relative_to(built)) for file in built.rglob("*") if file.is_file()} == expected


def test_what_a_cold_start_loads_is_compiled_for_where_it_will_lie(sam_build: Callable[[str], Path]) -> None:
    build = sam_build("x86_64")
    layer = build / "PaylinkLayer"
    places = {
        layer / "python" / "paylink" / "domain" / "order.py": "/opt/python/paylink/domain/order.py",
        layer / "python" / "requests" / "models.py": "/opt/python/requests/models.py",
        build / "PaymentStatus" / "app.py": "/var/task/app.py",
    }
    for source, place in places.items():
        compiled = (source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc").read_bytes()
        # Neither a time nor a digest is looked at: an archive keeps no exact times.
        assert compiled[4:8] == (1).to_bytes(4, "little")
        assert place.encode() in compiled
        assert str(build).encode() not in compiled
    ours = list((layer / "python" / "paylink").rglob("*.py"))
    assert all((file.parent / "__pycache__" / f"{file.stem}.cpython-313.pyc").is_file() for file in ours)


def test_the_layer_leaves_out_what_nothing_in_it_imports(sam_build: Callable[[str], Path]) -> None:
    powertools = sam_build("x86_64") / "PaylinkLayer" / "python" / "aws_lambda_powertools"
    for name in NEVER_LOADED:
        assert not (powertools / name).exists()
        module = f"aws_lambda_powertools.{name.replace('/', '.')}"
        for source in (ROOT / "layers" / "paylink").rglob("*.py"):
            assert module not in source.read_text(), source


def test_the_layer_fits(sam_build: Callable[[str], Path]) -> None:
    # What is unpacked is read at each cold start; Lambda's own limit of 250 MB is far away.
    layer = sam_build("arm64") / "PaylinkLayer"
    size = sum(file.stat().st_size for file in layer.rglob("*") if file.is_file())
    assert size < 20_000_000


def test_what_is_deployed_is_plain_yaml_with_its_licence_and_readme(sam_build: Callable[[str], Path]) -> None:
    # CloudFormation takes neither the anchors nor the merged maps that template.yaml is written with.
    built = sam_build("arm64") / "template.yaml"
    events = list(yaml.parse(built.read_text()))
    assert not [one for one in events if isinstance(one, yaml.AliasEvent) or getattr(one, "anchor", None)]
    assert not [one for one in events if isinstance(one, yaml.ScalarEvent) and one.value == "<<"]
    told = load_template(built.read_text())["Metadata"]["AWS::ServerlessRepo::Application"]
    for name in ("ReadmeUrl", "LicenseUrl"):
        assert (built.parent / told[name]).resolve() == ROOT / template_told()[name]


def template_told() -> dict[str, str]:
    found: dict[str, str] = template()["Metadata"]["AWS::ServerlessRepo::Application"]
    return found
