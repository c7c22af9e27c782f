"""The dashboard: the shop above, the stack below, and nothing on it that stays empty."""

from typing import Any

import pytest

from engines.counted import metrics
from engines.template import functions, template
from engines.watched import ALARMS, OWN, alarms_shown, graphed, widgets

WIDGETS = widgets()
GRAPHS = [one for one in WIDGETS if one["type"] == "metric"]
STACK_BEGINS = next(
    one["y"] for one in WIDGETS if one["type"] == "text" and "stack" in one["properties"]["markdown"]
)


def title(widget: dict[str, Any]) -> str:
    found: str = widget["properties"]["title"]
    return found


@pytest.mark.parametrize("widget", GRAPHS, ids=title)
def test_every_line_of_a_graph_exists(widget: dict[str, Any]) -> None:
    lines = graphed(widget)
    assert lines
    assert [metric.fault() for metric in lines] == [None] * len(lines)
    assert len(lines) == len(set(lines))
    properties = widget["properties"]
    assert properties["region"] == "${AWS::Region}"
    assert properties["period"] == 300
    assert properties["stat"] in {"Sum", "Maximum", "p99"}


def test_all_that_is_counted_is_shown() -> None:
    shown = {metric.name for widget in GRAPHS for metric in graphed(widget) if metric.namespace == OWN}
    assert shown == metrics("count") | metrics("measure")


def test_every_function_is_shown() -> None:
    for name in ("Errors", "Throttles", "Duration"):
        [graph] = [one for one in GRAPHS if {metric.name for metric in graphed(one)} == {name}]
        assert {dict(metric.dimensions)["FunctionName"] for metric in graphed(graph)} == {
            f"${{{function}}}" for function in functions()
        }


def test_the_shop_stands_above_the_stack() -> None:
    above = {title(one) for one in GRAPHS if one["y"] < STACK_BEGINS}
    below = {title(one) for one in GRAPHS if one["y"] > STACK_BEGINS}
    assert {"Payments", "Needs a person", "Refunds, captures, cancellations"} <= above
    assert {"API", "Functions: errors", "Queues: messages", "Table: units, throttled requests"} <= below


def test_every_standing_alarm_is_shown() -> None:
    [widget] = [one for one in WIDGETS if one["type"] == "alarm"]
    # A reference to what its condition leaves out would fail the deployment.
    standing = [name for name, alarm in ALARMS.items() if "Condition" not in alarm]
    assert sorted(alarms_shown(widget)) == sorted(standing)
    assert len(standing) <= 100, "CloudWatch shows no more in one widget"


def test_widgets_lie_beside_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for one in WIDGETS:
        cells = {
            (x, y)
            for x in range(one["x"], one["x"] + one["width"])
            for y in range(one["y"], one["y"] + one["height"])
        }
        assert max(x for x, _ in cells) < 24
        assert not taken & cells
        taken |= cells


def test_it_has_no_name_that_a_second_stack_would_meet() -> None:
    assert set(template()["Resources"]["Dashboard"]["Properties"]) == {"DashboardBody"}
