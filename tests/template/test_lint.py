"""Linters over the template, as it is written and as CloudFormation gets it."""

import json
from pathlib import Path

import pytest

from engines.linted import cfn_lint
from engines.places import TEMPLATE
from engines.sam import sam
from engines.template import load_template
from engines.transformation import transform


def test_the_source_is_clean() -> None:
    assert cfn_lint(TEMPLATE) == ""


@pytest.mark.parametrize(
    "chosen",
    [{"Tracing": "Active"}, {"Tracing": "PassThrough"}, {"CanaryDeployments": "false"}],
    ids=lambda chosen: "-".join(*chosen.items()),
)
def test_the_transformed_template_is_clean(tmp_path: Path, chosen: dict[str, str]) -> None:
    file = tmp_path / "transformed.json"
    file.write_text(json.dumps(transform(**chosen)))
    assert cfn_lint(file) == ""


def test_a_function_that_refers_to_its_own_api_would_be_found(tmp_path: Path) -> None:
    # The mistake that `sam validate` lets through: the API needs the function, and the function its API's address.
    circular = load_template()
    variables = circular["Resources"]["CreatePayment"]["Properties"]["Environment"]["Variables"]
    variables["PUBLIC_URL"] = {"Fn::Sub": "https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}"}
    file = tmp_path / "transformed.json"
    file.write_text(json.dumps(transform(circular)))
    assert "E3004" in cfn_lint(file)


@pytest.mark.sam
def test_sam_finds_it_valid() -> None:
    printed = sam("validate", "--lint", "--template", TEMPLATE)
    assert "is a valid SAM Template" in printed
