"""What checkov and cfn-lint-serverless would have otherwise, and why it is as it is. Whatever else they find fails."""

import json
import os
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from engines.places import CHECKS_ENVIRONMENT, ROOT, TEMPLATE
from engines.template import functions, resources
from engines.transformation import transform

pytestmark = [pytest.mark.checks, pytest.mark.timeout(180)]

FUNCTIONS = frozenset(functions())
LOGS = frozenset(resources("AWS::Logs::LogGroup"))
SECRETS = frozenset(resources("AWS::SecretsManager::Secret"))
QUEUES = frozenset(resources("AWS::SQS::Queue"))
TOPICS = frozenset(resources("AWS::SNS::Topic"))

A_KEY_OF_ONES_OWN = (
    "encrypted with AWS's key; one of the shop's own costs 1 USD a month and can be lost with the data"
)

# The check, what fails it, and the reason.
CHECKOV: dict[str, tuple[frozenset[str], str]] = {
    "CKV_AWS_26": (
        TOPICS,
        "CloudWatch cannot publish under AWS's key; what is said there holds nothing secret",
    ),
    "CKV_AWS_27": (QUEUES, "encrypted by SQS itself, SqsManagedSseEnabled, which the check does not know"),
    "CKV_AWS_115": (
        FUNCTIONS,
        "new accounts have ten in all: a reservation fails the deployment or starves others",
    ),
    "CKV_AWS_116": (
        FUNCTIONS,
        "nothing is lost: callers repeat, the next run or the queue goes on where one failed",
    ),
    "CKV_AWS_117": (
        FUNCTIONS,
        "they reach the gateway and AWS by TLS; a VPC would need a NAT gateway to operate",
    ),
    "CKV_AWS_119": (frozenset({"Table"}), A_KEY_OF_ONES_OWN),
    "CKV_AWS_149": (SECRETS, A_KEY_OF_ONES_OWN),
    "CKV_AWS_158": (LOGS, "encrypted by CloudWatch; no line holds a secret or a buyer's data"),
    "CKV_AWS_173": (
        FUNCTIONS,
        "encrypted by Lambda; the variables hold names and settings, secrets are elsewhere",
    ),
}
SERVERLESS: dict[str, tuple[frozenset[str], str]] = {
    "ES1007": (frozenset({"EveryMinute"}), "a run that failed is done by the next minute's"),
    "ES2003": (
        frozenset({"Api"}),
        "a default limit would refuse the gateway's callbacks; every other route has its own",
    ),
    "ES4000": (
        frozenset({"EveryMinute"}),
        "a minute that was missed is not run later: ReconcileStopped tells",
    ),
    "ES6000": (QUEUES - {"DeliveryQueue"}, "where messages end: a person takes them from there"),
    "ES7000": (
        frozenset({"AlarmSubscription", "MessageSubscription"}),
        "mail that SNS gives up is an alarm that stands in CloudWatch, or an order that the list shows",
    ),
    "WS1000": (FUNCTIONS, "tracing is the parameter Tracing, Active by default, which the check cannot read"),
    "WS1004": (FUNCTIONS, "each has one by LoggingConfig; the check looks for one by the function's name"),
}


# What the firewall's template would have otherwise.
OF_THE_FIREWALL: dict[str, tuple[frozenset[str], str]] = {
    "CKV_AWS_86": (
        frozenset({"Distribution"}),
        "its log would keep buyers' addresses; the API's own access log tells route, status and time",
    ),
}


def test_checkov_finds_nothing_more(tmp_path: Path) -> None:
    # The two templates in one run: loading checkov takes longer than its checks.
    files = (tmp_path / "transformed.json", tmp_path / "waf.yaml")
    files[0].write_text(json.dumps(transform()))
    files[1].write_text((ROOT / "templates/waf.yaml").read_text())
    arguments = ("--framework", "cloudformation", "--skip-download", "--compact", "--output", "json")
    done = subprocess.run(
        [CHECKS_ENVIRONMENT / "bin" / "checkov", "--file", *files, *arguments],
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    report = json.loads(done.stdout)
    assert report["summary"]["parsing_errors"] == 0
    found: dict[str, dict[str, set[str]]] = {file.name: {} for file in files}
    for one in report["results"]["failed_checks"]:
        failing = found[Path(one["file_path"]).name]
        failing.setdefault(one["check_id"], set()).add(one["resource"].rsplit(".", 1)[-1])
    looked = Counter(Path(one["file_path"]).name for one in report["results"]["passed_checks"])
    assert looked["transformed.json"] > 100
    assert looked["waf.yaml"] >= 5
    for file, reasons in zip(files, (CHECKOV, OF_THE_FIREWALL), strict=True):
        assert found[file.name] == {check: set(failing) for check, (failing, _) in reasons.items()}


def test_cfn_lint_serverless_finds_nothing_more() -> None:
    rules = ("--append-rules", "cfn_lint_serverless.rules", "--format", "json")
    done = subprocess.run(
        [
            CHECKS_ENVIRONMENT / "bin" / "cfn-lint",
            *rules,
            "--",
            str(TEMPLATE),
            str(ROOT / "templates/waf.yaml"),
        ],
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    found: dict[str, set[str]] = {}
    for one in json.loads(done.stdout):
        path = [str(part) for part in one["Location"]["Path"]]
        found.setdefault(one["Rule"]["Id"], set()).add(path[-1])
    assert found == {rule: set(failing) for rule, (failing, _) in SERVERLESS.items()}


@pytest.mark.parametrize("check", [*CHECKOV, *SERVERLESS, *OF_THE_FIREWALL])
def test_what_is_left_as_it_is_has_its_reason(check: str) -> None:
    failing, reason = {**CHECKOV, **SERVERLESS, **OF_THE_FIREWALL}[check]
    assert failing
    assert len(re.findall(r"\w+", reason)) >= 8
