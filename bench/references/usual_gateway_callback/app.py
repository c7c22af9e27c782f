"""POST /callbacks/paylink_result as it is usually written today: Powertools, pydantic, Idempotency, Tracer."""

import hashlib
import hmac
import os
from datetime import UTC, datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Literal
from urllib.parse import parse_qsl

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

TABLE = os.environ["TABLE_NAME"]
SCRIPT = "paylink_result"

logger = Logger()
metrics = Metrics()
tracer = Tracer()
app = APIGatewayHttpResolver(enable_validation=True)
table = boto3.client("dynamodb")
persistence = DynamoDBPersistenceLayer(table_name=os.environ["IDEMPOTENCY_TABLE"], boto3_client=table)
config = IdempotencyConfig(event_key_jmespath="[order, payment, result]", expires_after_seconds=86400)


class Notice(BaseModel):
    """The gateway's word about a payment."""

    model_config = ConfigDict(extra="allow")
    pg_order_id: str = Field(min_length=1, max_length=50)
    pg_payment_id: str = Field(pattern=r"^\d{1,20}$")
    pg_amount: Decimal = Field(ge=0)
    pg_currency: str = Field(pattern="^[A-Z]{3}$")
    pg_result: Literal["0", "1", "2"]
    pg_testing_mode: Literal["0", "1"] = "0"
    pg_can_reject: Literal["0", "1"] = "0"
    pg_captured: Literal["0", "1"] = "1"
    pg_salt: str
    pg_sig: str


def signature(fields: dict[str, str], key: str) -> str:
    values = [fields[name] for name in sorted(fields) if name != "pg_sig"]
    return hashlib.md5(";".join([SCRIPT, *values, key]).encode(), usedforsecurity=False).hexdigest()


def xml(status: HTTPStatus, fields: dict[str, str]) -> Response[str]:
    told = "".join(f"<{name}>{text}</{name}>" for name, text in fields.items())
    document = f'<?xml version="1.0" encoding="utf-8"?><response>{told}</response>'
    return Response(status, content_type="application/xml", body=document)


@tracer.capture_method(capture_response=False)
def write(notice: Notice) -> str:
    amount = {"N": str(int(notice.pg_amount * 100))}
    try:
        table.update_item(
            TableName=TABLE,
            Key={"pk": {"S": notice.pg_order_id}, "sk": {"S": "order"}},
            UpdateExpression=(
                "SET #status = :paid, paid_at = :paid_at, captured_amount = :amount, payments.#payment = :payment "
                "REMOVE waiting"
            ),
            ConditionExpression=(
                "#status = :pending AND payment_id = :payment_id AND amount = :amount AND currency = :currency "
                "AND #test = :test"
            ),
            ExpressionAttributeNames={"#status": "status", "#payment": notice.pg_payment_id, "#test": "test"},
            ExpressionAttributeValues={
                ":pending": {"S": "pending"},
                ":paid": {"S": "paid" if notice.pg_result == "1" else "failed"},
                ":paid_at": {"S": datetime.now(UTC).isoformat()},
                ":payment_id": {"S": notice.pg_payment_id},
                ":amount": amount,
                ":currency": {"S": notice.pg_currency},
                ":test": {"BOOL": notice.pg_testing_mode == "1"},
                ":payment": {"M": {"state": {"S": "paid"}, "amount": amount, "captured": amount}},
            },
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return "rejected"
    return "ok"


@idempotent_function(data_keyword_argument="data", config=config, persistence_store=persistence)
def settle(*, data: dict[str, str], notice: Notice) -> str:
    word = write(notice)
    metrics.add_metric(name="PaymentSettled", unit=MetricUnit.Count, value=1)
    logger.info("payment settled", extra={"order_id": notice.pg_order_id, "payment_id": notice.pg_payment_id})
    return word


@app.post("/callbacks/paylink_result")
@tracer.capture_method(capture_response=False)
def result() -> Response[str]:
    fields = dict(parse_qsl(app.current_event.decoded_body or "", keep_blank_values=True))
    key = parameters.get_secret(os.environ["MERCHANT_SECRET"], transform="json", max_age=300)["secret_key"]
    if not hmac.compare_digest(fields.get("pg_sig", ""), signature(fields, key)):
        return xml(HTTPStatus.FORBIDDEN, {"pg_status": "error"})
    try:
        notice = Notice.model_validate(fields)
    except ValidationError:
        return xml(HTTPStatus.BAD_REQUEST, {"pg_status": "error"})
    of = {"order": notice.pg_order_id, "payment": notice.pg_payment_id, "result": notice.pg_result}
    answer = {"pg_status": settle(data=of, notice=notice), "pg_salt": notice.pg_salt}
    return xml(HTTPStatus.OK, {**answer, "pg_sig": signature(answer, key)})


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP)
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics
def handler(event: dict[str, object], context: LambdaContext) -> dict[str, object]:
    return app.resolve(event, context)
