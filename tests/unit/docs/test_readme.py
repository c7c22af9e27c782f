"""The README's figures and names against the template and what is released."""

import json
import re
from decimal import Decimal

import pytest

from engines.counted import metrics
from engines.places import ROOT
from engines.template import functions, resources, template
from engines.watched import ALARMS, graphed, widgets
from unit.docs.documents import DOCUMENTS

TEXT = (ROOT / "README.md").read_text()
PARAMETERS = template()["Parameters"]
OF_AWS = {"DescribeSecret", "PutSecretValue"}


@pytest.mark.parametrize("name", ["README.md", "docs/selling.md", "docs/security.md", "docs/operating.md"])
def test_parameters_and_outputs_are_called_by_their_names(name: str) -> None:
    known = {*PARAMETERS, *template()["Outputs"], *ALARMS, *functions(), *OF_AWS}
    named = set(re.findall(r"`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`", (ROOT / name).read_text()))
    assert named
    assert named <= known, named - known


def test_every_question_without_an_answer_of_its_own_is_told() -> None:
    asked = TEXT.split("### 4. Deploy", 1)[1].split("### 5.", 1)[0]
    for name, parameter in PARAMETERS.items():
        if "Default" not in parameter:
            assert f"| `{name}` |" in asked, name
    assert 35 <= len(PARAMETERS) + 8 <= 45, "about forty: the parameters, and SAM's own questions"


def test_what_going_live_needs_is_told() -> None:
    rule = json.dumps(template()["Rules"]["LiveBuyersKnowTheSeller"])
    needed = set(re.findall(r'"Ref": "(Seller\w+)"', rule))
    assert len(needed) == 6
    assert "the six `Seller…` answers" in TEXT
    for name in needed:
        assert f"`{name}`" in TEXT, name


def test_the_standing_cost_is_that_of_the_template() -> None:
    secrets, alarms = len(resources("AWS::SecretsManager::Secret")), len(ALARMS)
    dashboards = len(resources("AWS::CloudWatch::Dashboard"))
    parts = (Decimal("0.40") * secrets, Decimal("0.10") * (alarms - 10), Decimal("3.00") * dashboards)
    told = re.findall(r"^\| (.+) \| (\S+) \|$", TEXT.split("## What it costs", 1)[1], re.MULTILINE)
    figures = {what: Decimal(sum_.strip("*")) for what, sum_ in told[:4]}
    assert figures == {
        f"{secrets} secrets, 0.40 each": parts[0],
        f"{alarms} alarms, 0.10 each, the account's first ten free": parts[1],
        "the dashboard: AWS's free ones hold 50 metrics, this one more": parts[2],
        "**in all**": sum(parts),
    }
    assert len({line for one in widgets() if one["type"] == "metric" for line in graphed(one)}) > 50
    assert "(fewer than 40," in TEXT
    assert len(metrics("count") | metrics("measure")) < 40


def test_script_tags_name_the_newest_release() -> None:
    ledger = json.loads((ROOT / "functions/link_page/assets/releases.json").read_text())
    newest = max(ledger, key=lambda version: tuple(map(int, version.split("."))))
    named = {
        version
        for document in DOCUMENTS
        for version in re.findall(r"/assets/paylink-(\d+\.\d+\.\d+)\.js", document.read_text())
    }
    assert named == {newest}
