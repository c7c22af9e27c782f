"""POST /payments as it is usually written: Powertools with validation, pydantic, Idempotency, Tracer, requests."""

import hashlib
import os
import secrets
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http import HTTPStatus
from typing import Annotated
from uuid import uuid4
from xml.etree import ElementTree

import boto3
import requests
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response, content_types
from aws_lambda_powertools.event_handler.exceptions import BadRequestError, NotFoundError, ServiceError
from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.serialization.pydantic import PydanticSerializer
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError
from pydantic import BaseModel, ConfigDict, Field

TABLE = os.environ["TABLE_NAME"]
GATEWAY = os.environ["GATEWAY_URL"]
SCRIPT = "init_payment.php"

logger = Logger()
metrics = Metrics()
tracer = Tracer()
app = APIGatewayHttpResolver(enable_validation=True)
table = boto3.client("dynamodb")
session = requests.Session()
persistence = DynamoDBPersistenceLayer(table_name=os.environ["IDEMPOTENCY_TABLE"], boto3_client=table)
config = IdempotencyConfig(
    event_key_jmespath="key", payload_validation_jmespath="payment", expires_after_seconds=86400
)


class Customer(BaseModel):
    """Who pays."""

    model_config = ConfigDict(extra="forbid")
    email: str | None = Field(default=None, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")
    phone: str | None = Field(default=None, pattern=r"^\d{7,15}$")
    id: str | None = Field(default=None, max_length=50)


class Payment(BaseModel):
    """What is asked for."""

    model_config = ConfigDict(extra="forbid")
    link: str = Field(min_length=1, max_length=64)
    quantity: int = Field(default=1, ge=1, le=100)
    customer: Customer = Field(default_factory=Customer)
    language: str = Field(default="ru", pattern="^(ru|en|kz|uz|kg)$")
    reference: str | None = Field(default=None, max_length=64)
    metadata: dict[str, str] = Field(default_factory=dict)
    success_url: str | None = Field(default=None, max_length=255)
    failure_url: str | None = Field(default=None, max_length=255)


class Link(BaseModel):
    """What is sold."""

    id: str
    title: str
    price: Decimal
    currency: str
    active: bool = True


class Created(BaseModel):
    """The answer."""

    order_id: str
    status: str
    test: bool
    payment_id: str
    amount: str
    currency: str
    redirect_url: str
    redirect_url_type: str
    expires_at: datetime
    status_url: str


def signature(fields: dict[str, str], key: str) -> str:
    values = [fields[name] for name in sorted(fields) if name != "pg_sig"]
    return hashlib.md5(";".join([SCRIPT, *values, key]).encode(), usedforsecurity=False).hexdigest()


@tracer.capture_method(capture_response=False)
def ask_gateway(fields: dict[str, str], key: str) -> dict[str, str]:
    message = {**fields, "pg_salt": secrets.token_hex(8)}
    message["pg_sig"] = signature(message, key)
    try:
        reply = session.post(f"{GATEWAY}/{SCRIPT}", data=message, timeout=(3, 12))
        reply.raise_for_status()
        answer = {part.tag: part.text or "" for part in ElementTree.fromstring(reply.content)}
    except (requests.RequestException, ElementTree.ParseError) as error:
        raise ServiceError(HTTPStatus.GATEWAY_TIMEOUT, "The gateway did not answer.") from error
    if answer.get("pg_status") != "ok" or answer.get("pg_sig") != signature(answer, key):
        raise ServiceError(HTTPStatus.BAD_GATEWAY, "The gateway refused the payment.")
    return answer


@tracer.capture_method(capture_response=False)
def read_link(link_id: str) -> Link:
    read = table.get_item(
        TableName=TABLE, Key={"pk": {"S": "links"}, "sk": {"S": link_id}}, ConsistentRead=True
    )
    if "Item" not in read:
        raise NotFoundError("There is no such link.")
    return Link.model_validate_json(read["Item"]["link"]["S"])


def key_of(order_id: str) -> dict[str, dict[str, str]]:
    return {"pk": {"S": order_id}, "sk": {"S": "order"}}


@tracer.capture_method(capture_response=False)
def store(
    order_id: str, payment: Payment, link: Link, amount: Decimal, now: datetime, expires_at: datetime
) -> None:
    item = {
        **key_of(order_id),
        "status": {"S": "creating"},
        "created_at": {"S": now.isoformat()},
        "day": {"S": now.date().isoformat()},
        "waiting": {"S": "1"},
        "amount": {"N": str(int(amount * 100))},
        "currency": {"S": link.currency},
        "description": {"S": link.title},
        "test": {"BOOL": True},
        "items": {"M": {link.id: {"N": str(payment.quantity)}}},
        "language": {"S": payment.language},
        "metadata": {"M": {name: {"S": text} for name, text in payment.metadata.items()}},
        "expires_at": {"S": expires_at.isoformat()},
        "payments": {"M": {}},
        "ttl": {"N": str(int((now + timedelta(days=90)).timestamp()))},
    }
    for name in ("reference", "success_url", "failure_url"):
        text = getattr(payment, name)
        if text is not None:
            item[name] = {"S": text}
    table.put_item(TableName=TABLE, Item=item, ConditionExpression="attribute_not_exists(pk)")


@tracer.capture_method(capture_response=False)
def attach(order_id: str, answer: dict[str, str], amount: Decimal) -> None:
    paid = {"M": {"state": {"S": "open"}, "amount": {"N": str(int(amount * 100))}}}
    try:
        table.update_item(
            TableName=TABLE,
            Key=key_of(order_id),
            UpdateExpression=(
                "SET #status = :pending, payment_id = :payment, redirect_url = :page, redirect_url_type = :type, "
                "payments = :payments"
            ),
            ConditionExpression="#status = :creating",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={
                ":pending": {"S": "pending"},
                ":creating": {"S": "creating"},
                ":payment": {"S": answer["pg_payment_id"]},
                ":page": {"S": answer["pg_redirect_url"]},
                ":type": {"S": answer["pg_redirect_url_type"]},
                ":payments": {"M": {answer["pg_payment_id"]: paid}},
            },
        )
    except ClientError as error:
        raise ServiceError(HTTPStatus.CONFLICT, "The order was changed meanwhile.") from error


@idempotent_function(
    data_keyword_argument="data",
    config=config,
    persistence_store=persistence,
    output_serializer=PydanticSerializer(model=Created),
)
def create(*, data: dict[str, str], payment: Payment, base: str, buyer_ip: str) -> Created:
    merchant = parameters.get_secret(os.environ["MERCHANT_SECRET"], transform="json", max_age=300)
    link = read_link(payment.link)
    amount = link.price * payment.quantity
    now = datetime.now(UTC)
    expires_at = now + timedelta(hours=24)
    order_id = f"pl_{uuid4().hex}"
    store(order_id, payment, link, amount, now, expires_at)
    fields = {
        "pg_merchant_id": merchant["merchant_id"],
        "pg_order_id": order_id,
        "pg_idempotency_key": f"{order_id}-1",
        "pg_amount": f"{amount:.2f}",
        "pg_currency": link.currency,
        "pg_description": link.title,
        "pg_testing_mode": "1",
        "pg_auto_clearing": "1",
        "pg_lifetime": "86400",
        "pg_language": payment.language,
        "pg_request_method": "POST",
        "pg_check_url": f"{base}/callbacks/paylink_check",
        "pg_result_url": f"{base}/callbacks/paylink_result",
        "pg_success_url": f"{base}/return/success",
        "pg_failure_url": f"{base}/return/failure",
        "pg_success_url_method": "GET",
        "pg_failure_url_method": "GET",
        "pg_site_url": os.environ["SHOP_URL"],
        "pg_user_contact_email": payment.customer.email,
        "pg_user_phone": payment.customer.phone,
        "pg_user_id": payment.customer.id,
        "pg_user_ip": buyer_ip,
        "m_reference": payment.reference,
        **{f"m_{name}": text for name, text in payment.metadata.items()},
    }
    answer = ask_gateway({name: text for name, text in fields.items() if text}, merchant["secret_key"])
    attach(order_id, answer, amount)
    metrics.add_metric(name="PaymentCreated", unit=MetricUnit.Count, value=1)
    logger.info("payment created", extra={"order_id": order_id, "payment_id": answer["pg_payment_id"]})
    return Created(
        order_id=order_id,
        status="pending",
        test=True,
        payment_id=answer["pg_payment_id"],
        amount=f"{amount:.2f}",
        currency=link.currency,
        redirect_url=answer["pg_redirect_url"],
        redirect_url_type=answer["pg_redirect_url_type"],
        expires_at=expires_at,
        status_url=f"{base}/payments/{order_id}",
    )


@app.post("/payments")
@tracer.capture_method(capture_response=False)
def create_payment(payment: Annotated[Payment, Body()]) -> Response[Created]:
    event = app.current_event
    key = event.headers.get("idempotency-key")
    if not key:
        raise BadRequestError("Idempotency-Key is missing.")
    created = create(
        data={"key": key, "payment": payment.model_dump_json()},
        payment=payment,
        base=f"https://{event.request_context.domain_name}",
        buyer_ip=event.request_context.http.source_ip,
    )
    return Response(
        HTTPStatus.CREATED,
        content_type=content_types.APPLICATION_JSON,
        body=created,
        headers={"location": created.status_url},
    )


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP)
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics
def handler(event: dict[str, object], context: LambdaContext) -> dict[str, object]:
    return app.resolve(event, context)
