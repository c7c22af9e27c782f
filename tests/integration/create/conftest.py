"""Shops on moto (whatever is done one thing after the other) or on DynamoDB Local (whatever is done at once)."""

import itertools
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import boto3
import moto
import pytest
from botocore.config import Config

from engines.embedded_aws import MERCHANT_ID, MERCHANT_KEY, STACK_KEY
from engines.template import table_request
from freedompay_sandbox import Sandbox, running
from integration.create.endpoint import Endpoint
from integration.create.front import Front, serving
from integration.create.insisting import Buyer
from integration.create.shop import COFFEE, KEY, Secrets, Shop
from integration.deployment import Deployment
from integration.lambda_function import LoadedFunction
from paylink.adapters.secrets import MerchantSecret, StackSecret

numbers = itertools.count(1)
MakeShop = Callable[..., Shop]


@pytest.fixture(scope="module")
def aws() -> Iterator[None]:
    """AWS inside this process, for one module: moto's state must not reach the tests of others."""
    with moto.mock_aws():
        yield


@pytest.fixture(scope="session")
def front() -> Iterator[Front]:
    with serving() as front:
        yield front


@pytest.fixture(scope="session")
def gateway() -> Iterator[tuple[Sandbox, str]]:
    """One sandbox served for all tests: starting one for each would take longer than the tests themselves."""
    sandbox = Sandbox(merchant_id=MERCHANT_ID, secret_key=MERCHANT_KEY, retry_same_page=False)
    with running(sandbox) as url:
        yield sandbox, url


@pytest.fixture
def sandbox(gateway: tuple[Sandbox, str]) -> Sandbox:
    """The sandbox as new, but for its clock."""
    fresh = gateway[0]
    fresh.reset()
    fresh.settings.update(
        {
            "secret_key": MERCHANT_KEY,
            "merchant_id": MERCHANT_ID,
            "repeated_key": "same",
            "check_call": False,
            "retry_same_page": False,
        }
    )
    return fresh


@pytest.fixture(scope="module")
def dynamodb(aws: None) -> Any:
    return boto3.client("dynamodb")


@pytest.fixture(scope="module")
def secrets(aws: None) -> Secrets:
    client = boto3.client("secretsmanager")

    def put(name: str, content: dict[str, str]) -> str:
        return client.create_secret(Name=name, SecretString=json.dumps(content))["ARN"]

    merchant = put("merchant", {"merchant_id": MERCHANT_ID, "secret_key": MERCHANT_KEY})
    stack = put("stack", {"key": STACK_KEY})
    return Secrets(MerchantSecret(client, merchant), StackSecret(client, stack))


@pytest.fixture
def make_shop(
    dynamodb: Any, secrets: Secrets, sandbox: Sandbox, gateway: tuple[Sandbox, str], front: Front
) -> Iterator[MakeShop]:
    """Makes a shop of its own at each call, with one link in its table."""
    made: list[str] = []

    def make(**more: Any) -> Shop:
        table = f"create-{os.getpid()}-{next(numbers)}"
        dynamodb.create_table(**table_request(table))
        made.append(table)
        shop = Shop(dynamodb, secrets, table, sandbox, gateway[1], front, **more)
        shop.put_link(**COFFEE)
        return shop

    yield make
    for table in made:
        dynamodb.delete_table(TableName=table)


@pytest.fixture
def shop(make_shop: MakeShop) -> Shop:
    return make_shop()


@pytest.fixture
def buyer(shop: Shop) -> Buyer:
    """Someone at that shop who wants one coffee."""
    return Buyer(shop, {"link": "coffee"}, KEY)


@pytest.fixture
def dynamodb_local_client(dynamodb_local_endpoint: str) -> Any:
    """A client of AWS's own engine with a connection for each of many threads."""
    config = Config(max_pool_connections=64, connect_timeout=5, read_timeout=20)
    return boto3.client("dynamodb", endpoint_url=dynamodb_local_endpoint, config=config)


@pytest.fixture
def engine_shop(
    dynamodb_local_client: Any, dynamodb_local_table: Callable[[], str], make_shop: MakeShop
) -> Shop:
    """A shop whose table is kept by AWS's own engine; its secrets stay with moto."""
    shop = replace(make_shop(), dynamodb=dynamodb_local_client, table=dynamodb_local_table())
    shop.put_link(**COFFEE)
    return shop


@pytest.fixture
def endpoint(
    load_function: Callable[..., LoadedFunction],
    deployment: Deployment,
    gateway: tuple[Sandbox, str],
    sandbox: Sandbox,
    front: Front,
) -> Endpoint:
    """`POST /payments` of a deployment whose owner has set the key."""
    return Endpoint(load_function, deployment, sandbox, gateway[1], front)
