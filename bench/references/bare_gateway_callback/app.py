"""POST /callbacks/paylink_result by hand: the same calls to AWS as ours, and nothing else.

It verifies, settles with the same one conditional write, and signs its answer; no validation, no logging, no metrics.
"""

import base64
import hashlib
import hmac
import json
import os
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import parse_qsl

import boto3

TABLE = os.environ["TABLE_NAME"]
SCRIPT = "paylink_result"
table = boto3.client("dynamodb")
vault = boto3.client("secretsmanager")


def signature(fields, key):
    values = [fields[name] for name in sorted(fields) if name != "pg_sig"]
    return hashlib.md5(";".join([SCRIPT, *values, key]).encode(), usedforsecurity=False).hexdigest()


def handler(event, context):
    body = base64.b64decode(event["body"]) if event["isBase64Encoded"] else event["body"].encode()
    fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
    read = vault.get_secret_value(SecretId=os.environ["MERCHANT_SECRET"])
    key = json.loads(read["SecretString"])["secret_key"]
    if not hmac.compare_digest(fields["pg_sig"], signature(fields, key)):
        return {"statusCode": 403, "body": ""}
    amount = {"N": str(int(Decimal(fields["pg_amount"]) * 100))}
    digest = hashlib.sha256(body).hexdigest()[:32]
    table.update_item(
        TableName=TABLE,
        Key={"pk": {"S": fields["pg_order_id"]}, "sk": {"S": "order"}},
        UpdateExpression=(
            "SET #status = :paid, paid_at = :paid_at, captured_amount = :amount, payments.#payment = :payment, "
            "answers.#digest = :answer, #sequence = #sequence + :one "
            "REMOVE waiting, lease_owner, approved, approved_until"
        ),
        ConditionExpression=(
            "#status = :pending AND payment_id = :payment_id AND amount = :amount AND currency = :currency "
            "AND #test = :test AND payments.#payment.#state = :open AND attribute_not_exists(answers.#digest)"
        ),
        ExpressionAttributeNames={
            "#status": "status",
            "#sequence": "sequence",
            "#payment": fields["pg_payment_id"],
            "#digest": digest,
            "#test": "test",
            "#state": "state",
        },
        ExpressionAttributeValues={
            ":pending": {"S": "pending"},
            ":paid": {"S": "paid"},
            ":paid_at": {"S": datetime.now(UTC).isoformat()},
            ":payment_id": {"S": fields["pg_payment_id"]},
            ":amount": amount,
            ":currency": {"S": fields["pg_currency"]},
            ":test": {"BOOL": fields["pg_testing_mode"] == "1"},
            ":open": {"S": "open"},
            ":payment": {"M": {"state": {"S": "paid"}, "amount": amount, "captured": amount}},
            ":answer": {"S": "ok"},
            ":one": {"N": "1"},
        },
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )
    answer = {"pg_status": "ok", "pg_salt": fields["pg_salt"]}
    answer["pg_sig"] = signature(answer, key)
    told = "".join(f"<{name}>{text}</{name}>" for name, text in answer.items())
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/xml"},
        "body": f'<?xml version="1.0" encoding="utf-8"?><response>{told}</response>',
    }
