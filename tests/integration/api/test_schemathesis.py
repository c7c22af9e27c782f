"""schemathesis against `paylink local`: it answers as docs/api/openapi.yaml says, whatever it is sent.

The document goes through the ordinary command line, in a process of its own, bounded by examples and by time. What
is changed for it: the operator's routes ask for no signature (IAM is API Gateway's, which the local run has not; the
template's tests hold it), and the order of the examples is one that there is.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from engines import reporting
from engines.places import ROOT
from integration.test_local import Local, running_local

DOCUMENT = ROOT / "docs" / "api" / "openapi.yaml"
# `make fuzz-api SECONDS=300` gives each tag's routes that long; the ordinary run is a short one of the same.
SECONDS = int(os.environ.get("PAYLINK_FUZZ_SECONDS", "8"))
"""For one tag's routes; what was begun within them is ended."""

EXAMPLES = max(2, SECONDS // 4)

# What the checks of schemathesis take for granted and HTTP APIs of this kind do not do:
# - a method that no route has is answered 404 by API Gateway, and never 405;
# - rules over several fields (a link's bounds, a currency's decimals, times) are refused with the statuses of the
#   document though the JSON fits its schema;
# - a link that is deleted is switched off and stays, as the document says, for orders and printed codes lead to it;
# - a form from another site, and whatever comes back from the gateway, is sent on with 303.
SETTINGS = """
[checks]
unsupported_method.enabled = false
allow_header_conformance.enabled = false
use_after_free.enabled = false
positive_data_acceptance.expected-statuses = [
    "2xx", "3xx", "400", "403", "404", "409", "410", "413", "422",
]
negative_data_rejection.expected-statuses = ["303", "400", "403", "404", "409", "410", "413", "422"]
"""

PHASES = {
    "Buyers": "examples,coverage,fuzzing,stateful",
    "Pages": "examples,coverage,fuzzing",
    "Gateway": "coverage,fuzzing",
    "Operator": "examples,coverage,fuzzing,stateful",
}
"""What is done with each tag's routes; stateful where one's answer leads to the next request."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120 + 2 * SECONDS)]


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    with running_local(tmp_path_factory.mktemp("schemathesis")) as running:
        yield running


@pytest.fixture(scope="module")
def order_id(local: Local) -> str:
    """An order that was paid, so that there is something to give back."""
    made = local.create({"link": "coffee"}).json()
    local.pay(made["payment_id"])
    return made["order_id"]


@pytest.mark.parametrize("tag", PHASES)
def test_the_local_system_does_as_the_document_says(
    tag: str, local: Local, order_id: str, tmp_path: Path
) -> None:
    document = prepared(yaml.safe_load(DOCUMENT.read_text()), order_id)
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    (tmp_path / "schemathesis.toml").write_text(SETTINGS)
    words = ["--config-file", "schemathesis.toml", "run", "openapi.json", "--url", local.url]
    words += ["--include-tag", tag, "--phases", PHASES[tag]]
    limits = ["--max-examples", str(EXAMPLES), "--max-time", str(SECONDS), "--request-timeout", "30"]
    # In CI the same ones each time, so that a red run is about the change.
    seed = ["--seed", "1"] if reporting.in_ci() else []
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", *words, *limits, *seed],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=90 + 2 * SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr + local.log.read_text()[-2_000:]
    assert re.search(r"\b([1-9]\d*) generated, \1 passed", done.stdout), done.stdout


def prepared(document: dict[str, Any], order_id: str) -> dict[str, Any]:
    """The document for the local run; nothing but what stands above is changed."""
    del document["security"], document["components"]["securitySchemes"]
    document["components"]["parameters"]["OrderId"]["example"] = order_id
    return document
