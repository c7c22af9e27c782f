"""The embedded AWS and what is made in it."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from paylink_local.embedded_aws import Gate, embedded_aws
from paylink_local.errors import EngineError
from paylink_local.provisioning import dynamodb_client, make_secrets, make_tables, secrets_client
from paylink_local.template import Template

TABLE = "paylink-local-Table"


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    with embedded_aws() as url:
        yield url


@pytest.fixture
def template(project: Path) -> Template:
    return Template(project, {"Greeting": "hello"})


def test_the_table_is_the_templates(aws: str, template: Template) -> None:
    client = dynamodb_client(aws)
    assert make_tables(template, client) == []
    table = client.describe_table(TableName=TABLE)["Table"]
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["pk", "sk"]
    assert [index["IndexName"] for index in table["GlobalSecondaryIndexes"]] == ["by_day"]
    assert table["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    ttl = client.describe_time_to_live(TableName=TABLE)["TimeToLiveDescription"]
    assert ttl == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}
    assert template.resolve({"Ref": "Table"}) == TABLE
    assert template.resolve({"Fn::GetAtt": ["Table", "StreamArn"]}) == table["LatestStreamArn"]


def test_a_table_that_is_there_is_left_as_it_is(aws: str, template: Template) -> None:
    client = dynamodb_client(aws)
    make_tables(template, client)
    client.put_item(TableName=TABLE, Item={"pk": {"S": "a"}, "sk": {"S": "b"}})
    assert make_tables(template, client) == []
    assert client.get_item(TableName=TABLE, Key={"pk": {"S": "a"}, "sk": {"S": "b"}})["Item"]


def test_the_secrets_hold_the_merchants_key_and_a_generated_one(aws: str, template: Template) -> None:
    client = secrets_client(aws)
    merchant = {"merchant_id": "500001", "secret_key": "a key made up for tests"}
    make_secrets(template, client, merchant)
    merchant_arn, stack_arn = template.resolve([{"Ref": "MerchantSecret"}, {"Ref": "StackSecret"}])
    assert json.loads(client.get_secret_value(SecretId=merchant_arn)["SecretString"]) == merchant
    generated = json.loads(client.get_secret_value(SecretId=stack_arn)["SecretString"])
    assert generated["version"] == 1
    assert len(generated["key"]) == 64
    assert generated["key"].isalnum()


def test_requests_go_in_one_at_a_time() -> None:
    """moto looks at a condition and writes in two steps: two requests at once could both find it met."""
    inside: list[int] = []
    most_at_once = 0

    def application(environ: dict, start_response: object) -> Iterator[bytes]:
        nonlocal most_at_once
        inside.append(1)
        most_at_once = max(most_at_once, len(inside))
        time.sleep(0.005)
        inside.pop()
        yield b"done"

    gate = Gate(application)
    with ThreadPoolExecutor(8) as threads:
        answers = [list(body) for body in threads.map(lambda _: gate({}, print), range(16))]
    assert answers == [[b"done"]] * 16
    assert most_at_once == 1


def test_no_page_may_read_it(aws: str) -> None:
    headers = {
        "Origin": "http://evil.example",
        "X-Amz-Target": "secretsmanager.ListSecrets",
        "Authorization": "AWS4-HMAC-SHA256 Credential=a/20260101/eu-central-1/secretsmanager/aws4_request",
    }
    assert requests.post(aws, "{}", headers=headers, timeout=10).status_code == 403
    del headers["Origin"]
    assert requests.post(aws, "{}", headers=headers, timeout=10).status_code == 200


def test_an_engine_that_is_not_there_is_named(template: Template) -> None:
    with pytest.raises(EngineError, match=r"http://127\.0\.0\.1:9 does not answer.*--dynamodb-endpoint"):
        make_tables(template, dynamodb_client("http://127.0.0.1:9"))
