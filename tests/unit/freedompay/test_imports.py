"""What each part loads, in a fresh process: a cold start pays for nothing that it does not use."""

import subprocess
import sys

import pytest


def _loaded_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    return set(run.stdout.split())


@pytest.mark.parametrize(
    "module",
    [
        *(
            "signature",
            "messages",
            "errors",
            "codes",
            "lint",
            "explanation",
            "hosts",
            "answers",
            "credentials",
        ),
        *("answer_fields", "endpoints", "operations", "operation_calls", "refunds"),
    ],
)
def test_no_part_but_the_client_loads_the_http_client(module):
    loaded = _loaded_by(f"import paylink.freedompay.{module}")
    assert f"paylink.freedompay.{module}" in loaded
    assert not loaded & {"requests", "urllib3", "defusedxml", "email", "boto3", "http.client"}


def test_signature_loads_nothing_else_of_the_package():
    loaded = {
        name for name in _loaded_by("import paylink.freedompay.signature") if name.startswith("paylink")
    }
    assert loaded == {"paylink", "paylink.freedompay", "paylink.freedompay.signature"}


def test_the_xml_parser_comes_with_the_first_document():
    read = "from paylink.freedompay.messages import read_xml; read_xml('<a><b>1</b></a>', 'a')"
    assert "defusedxml" in _loaded_by(read)


def test_the_client_loads_requests():
    assert "requests" in _loaded_by("import paylink.freedompay.client")
