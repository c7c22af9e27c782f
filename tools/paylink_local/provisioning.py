"""Makes what the template's stack would have: the table, in any engine, and the secrets."""

import hashlib
import json
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from paylink_local.environment import FAKE_CREDENTIALS
from paylink_local.errors import EngineError, TemplateError
from paylink_local.template import REGION, STACK_NAME, Template

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_secretsmanager import SecretsManagerClient

_CONFIG = Config(connect_timeout=2, read_timeout=10, retries={"total_max_attempts": 1})
_ACTIVE_SECONDS = 10.0
_MERCHANT_SECRET = "MerchantSecret"  # noqa: S105 - the name of a resource
# What CreateTable takes as the template has it; its other properties mean nothing on one machine.
_TABLE_PROPERTIES = (
    "AttributeDefinitions",
    "KeySchema",
    "BillingMode",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
)
_INDEX_PROPERTIES = ("IndexName", "KeySchema", "Projection")


def dynamodb_client(url: str) -> "DynamoDBClient":
    """Return a client of the table's engine."""
    return _session().client("dynamodb", endpoint_url=url, config=_CONFIG)


def secrets_client(url: str) -> "SecretsManagerClient":
    """Return a client of the embedded Secrets Manager."""
    return _session().client("secretsmanager", endpoint_url=url, config=_CONFIG)


def client_of(service: str, url: str) -> Any:  # noqa: ANN401 - boto3 has stubs of some services only
    """Return a client of any other embedded service."""
    return _session().client(service, endpoint_url=url, config=_CONFIG)  # type: ignore[call-overload]


def make_tables(template: Template, client: "DynamoDBClient") -> list[str]:
    """Make every table of the template that is not there yet; return what the engine cannot do, as notes.

    Raises EngineError when the engine does not answer or refuses.
    """
    notes: list[str] = []
    try:
        for logical_id, unresolved in template.resources("AWS::DynamoDB::Table"):
            properties = template.resolve(dict(unresolved))
            name = properties.get("TableName", f"{STACK_NAME}-{logical_id}")
            _create_table(client, name, properties)
            description = _wait_until_active(client, name)
            notes.extend(_enable_ttl(client, name, properties.get("TimeToLiveSpecification")))
            attributes = {"Arn": description["TableArn"]}
            if "LatestStreamArn" in description:
                attributes["StreamArn"] = description["LatestStreamArn"]
            template.made(logical_id, name, attributes)
    except ClientError as error:
        raise EngineError(f"the table's engine refused: {error}") from error
    except BotoCoreError as error:
        url = client.meta.endpoint_url
        raise EngineError(
            f"the table's engine at {url} does not answer; start it, or leave --dynamodb-endpoint out"
        ) from error
    return notes


def make_secrets(template: Template, client: "SecretsManagerClient", merchant: Mapping[str, Any]) -> None:
    """Make the template's secrets: the merchant's with this run's key, generated ones with a value of their own.

    Any other is its owner's to set, and has none.
    """
    for logical_id, unresolved in template.resources("AWS::SecretsManager::Secret"):
        generator = template.resolve(dict(unresolved)).get("GenerateSecretString")
        value: dict[str, Any] = {}
        if generator is not None:
            value["SecretString"] = _generated(generator, logical_id)
        elif logical_id == _MERCHANT_SECRET:
            value["SecretString"] = json.dumps(merchant)
        made = client.create_secret(Name=f"{STACK_NAME}-{logical_id}", **value)
        template.made(logical_id, made["ARN"], {"Id": made["ARN"]})


def _session() -> boto3.Session:
    return boto3.Session(
        aws_access_key_id=FAKE_CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=FAKE_CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        region_name=REGION,
    )


def _create_table(client: "DynamoDBClient", name: str, properties: Mapping[str, Any]) -> None:
    request: dict[str, Any] = {key: properties[key] for key in _TABLE_PROPERTIES if key in properties}
    for indexes in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        if indexes in request:
            request[indexes] = [
                {key: index[key] for key in _INDEX_PROPERTIES if key in index} for index in request[indexes]
            ]
    stream = properties.get("StreamSpecification")
    wanted = {**request, "StreamSpecification": {**stream, "StreamEnabled": True}} if stream else request
    try:
        client.create_table(TableName=name, **wanted)
    except client.exceptions.ResourceInUseException:
        return
    except ClientError:
        if not stream:
            raise
        # Some engines know no streams; the same table without one is of use, and any other fault shows again.
        client.create_table(TableName=name, **request)


def _wait_until_active(client: "DynamoDBClient", name: str) -> Mapping[str, Any]:
    deadline = time.monotonic() + _ACTIVE_SECONDS
    while True:
        description = client.describe_table(TableName=name)["Table"]
        if description.get("TableStatus") == "ACTIVE":
            return description
        if time.monotonic() > deadline:
            raise EngineError(f"the table {name} is not ready after {_ACTIVE_SECONDS:.0f} seconds")
        time.sleep(0.1)


def _enable_ttl(client: "DynamoDBClient", name: str, wanted: Mapping[str, Any] | None) -> list[str]:
    if not wanted:
        return []
    attribute = wanted["AttributeName"]
    try:
        client.update_time_to_live(
            TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": attribute}
        )
    except ClientError as error:
        if "already enabled" in str(error):
            return []
        return [f"The table's engine removes no old rows: it knows no TTL ({attribute})."]
    return []


def _generated(generator: Mapping[str, Any], logical_id: str) -> str:
    """What the generator's secret holds here: the same at every start.

    A table in an engine of its own outlives the run, and the orders in it are found again by ids that this key
    makes. It guards nothing but a table on this machine.
    """
    password = hashlib.sha256(f"{STACK_NAME}: {logical_id}, for this machine alone".encode()).hexdigest()
    key = generator.get("GenerateStringKey")
    if key is None:
        return password
    try:
        return json.dumps({**json.loads(generator.get("SecretStringTemplate", "{}")), key: password})
    except ValueError as error:
        raise TemplateError(
            f"template.yaml: {logical_id} has a SecretStringTemplate that is not JSON"
        ) from error
