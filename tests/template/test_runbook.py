"""docs/operations.md has a line for each alarm: its meaning, the first look, the remedy."""

import re

import pytest

from engines.places import ROOT
from engines.template import functions, template
from engines.watched import ALARMS, GRAPH_TITLES

TEXT = (ROOT / "docs/operations.md").read_text()
ROWS = [re.split(r" \| ", row.strip("| ")) for row in re.findall(r"^\| `.*\|$", TEXT, re.MULTILINE)]


def test_every_alarm_has_its_one_line() -> None:
    names = [row[0].strip("`") for row in ROWS]
    assert sorted(names) == sorted(ALARMS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0].strip("`"))
def test_a_line_tells_meaning_first_look_and_remedy(row: list[str]) -> None:
    assert len(row) == 4
    assert all(len(cell.split()) >= 2 for cell in row[1:])


def test_it_names_what_exists() -> None:
    known = {
        *template()["Parameters"],
        *template()["Outputs"],
        *ALARMS,
        *functions(),
        # Of the firewall's template, and of the Serverless Application Repository.
        *("ApiDomain", "DistributionDomain", "LicenseUrl", "SemanticVersion"),
    }
    named = set(re.findall(r"`([A-Z][A-Za-z]+)`", TEXT))
    assert named <= known, named - known


def test_graphs_are_called_by_their_titles() -> None:
    named = set(re.findall(r"(?<!\*)\*([A-Z][A-Za-z: ]+)\*(?!\*)", TEXT)) - {
        "Go back",
        "Concurrent executions",
    }
    for name in named:
        assert any(title.startswith(name) for title in GRAPH_TITLES), name


def test_limits_are_those_of_the_template() -> None:
    def threshold(name: str) -> int:
        value: int = ALARMS[name]["Properties"]["Threshold"]
        return value

    rows = {row[0].strip("`"): " ".join(row[1:]) for row in ROWS}
    for name, function in functions().items():
        if f"{name}Slow" not in ALARMS:
            continue
        seconds = f"{threshold(f'{name}Slow') / 1000:g} s"
        assert seconds in rows[f"{name}Slow"], name
        if name != "GatewayCallback":
            assert str(function["Timeout"]) in rows[f"{name}Slow"], name
    assert (threshold("GatewayUnclear"), threshold("ApiFaults")) == (5, 5)
    assert (threshold("SignaturesRefused"), threshold("DeliveryFailed")) == (3, 3)
    assert (threshold("ReconcileLag"), threshold("DeliveryOld")) == (900, 3600)
