"""The page by which the command line finds the parts of a local run."""

import json
from pathlib import Path

from paylink_local.options import Options
from paylink_local.payload import HttpRequest
from paylink_local.template import Template
from paylink_local.whereabouts import SYSTEM_PATH, Whereabouts, system_page

ROOT = Path(__file__).parents[3]
FRONT = "http://127.0.0.1:8080"


def asked() -> HttpRequest:
    return HttpRequest("GET", SYSTEM_PATH, "", (), b"", "127.0.0.1", "8080", "HTTP/1.1")


def test_the_page_tells_all_of_it_and_lets_no_other_origin_read_it() -> None:
    where = Whereabouts(
        "r", "http://a", "http://d", "http://g", None, {"TableName": "t"}, {"TestMode": "true"}
    )
    answer = system_page(where)(asked())
    assert answer.status == 200
    assert json.loads(answer.body) == {
        "region": "r",
        "aws": "http://a",
        "dynamodb": "http://d",
        "gateway": "http://g",
        "sandbox": None,
        "outputs": {"TableName": "t"},
        "parameters": {"TestMode": "true"},
    }
    assert not [name for name, _ in answer.headers if name.startswith("access-control")]


def test_the_templates_outputs_are_those_of_what_was_made() -> None:
    options = Options()
    template = Template(ROOT, options.parameters(FRONT, "http://127.0.0.1:9"))
    assert "TableName" not in template.outputs()
    template.made("Table", "local-table")
    template.made("MerchantSecret", "arn:secret")
    outputs = template.outputs()
    assert outputs["TableName"] == "local-table"
    assert outputs["MerchantSecretArn"] == "arn:secret"
    assert outputs["ApiUrl"] == FRONT
    assert outputs["ResultUrl"] == f"{FRONT}/callbacks/paylink_result"
    assert options.secret_key not in json.dumps(outputs)


def test_the_parameters_are_the_runs_own_or_the_defaults() -> None:
    parameters = Template(ROOT, Options().parameters(FRONT, "http://127.0.0.1:9")).parameters()
    assert (parameters["PublicUrl"], parameters["GatewayUrl"]) == (FRONT, "http://127.0.0.1:9")
    assert (parameters["GatewayPath"], parameters["LifetimeSeconds"]) == ("/init_payment.php", "3600")
