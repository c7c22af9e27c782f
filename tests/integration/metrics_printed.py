"""Metrics among what a function printed (CloudWatch's embedded metric format), and its other log lines."""

import json
from typing import Any

STACK = "paylink"
"""The stack's name, as `engines.template.environment` has it: a stack's metrics stand under it."""


def counted(printed: str) -> dict[str, float]:
    """The sum of each metric."""
    sums: dict[str, float] = {}
    for line in _documents(printed):
        for directive in line.get("_aws", {}).get("CloudWatchMetrics", ()):
            assert directive["Namespace"] == STACK
            for metric in directive["Metrics"]:
                sums[metric["Name"]] = sums.get(metric["Name"], 0) + sum(line[metric["Name"]])
    return sums


def logged(printed: str) -> list[dict[str, Any]]:
    """The lines of the log."""
    return [line for line in _documents(printed) if "_aws" not in line]


def _documents(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines()]
