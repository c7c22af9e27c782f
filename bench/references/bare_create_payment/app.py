"""POST /payments by hand: the same calls to AWS and the gateway as ours, and nothing else.

No validation, no error handling, no logging, no metrics: what any implementation pays for the SDK, the HTTP client
and the calls themselves.
"""

import hashlib
import hmac
import json
import os
import secrets
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import boto3
import requests

TABLE = os.environ["TABLE_NAME"]
table = boto3.client("dynamodb")
vault = boto3.client("secretsmanager")
session = requests.Session()


def secret(name):
    return json.loads(vault.get_secret_value(SecretId=os.environ[name])["SecretString"])


def signature(script, fields, key):
    values = [fields[name] for name in sorted(fields) if name != "pg_sig"]
    return hashlib.md5(";".join([script, *values, key]).encode(), usedforsecurity=False).hexdigest()


def handler(event, context):
    asked = json.loads(event["body"])
    merchant = secret("MERCHANT_SECRET")
    stack = secret("STACK_SECRET")
    idempotency_key = event["headers"]["idempotency-key"]
    digest = hmac.digest(stack["key"].encode(), idempotency_key.encode(), "sha256").hex()
    order_id = f"pl_{digest[:26]}"
    read = table.get_item(
        TableName=TABLE, Key={"pk": {"S": "links"}, "sk": {"S": asked["link"]}}, ConsistentRead=True
    )
    link = json.loads(read["Item"]["link"]["S"])
    amount = int(link["price"]) * asked.get("quantity", 1)
    now = datetime.now(UTC)
    expires_at = now + timedelta(hours=24)
    base = f"https://{event['requestContext']['domainName']}"
    table.put_item(
        TableName=TABLE,
        Item={
            "pk": {"S": order_id},
            "sk": {"S": "order"},
            "fingerprint": {"S": hashlib.sha256(event["body"].encode()).hexdigest()[:32]},
            "status": {"S": "creating"},
            "created_at": {"S": now.isoformat()},
            "day": {"S": now.date().isoformat()},
            "waiting": {"S": "1"},
            "amount": {"N": str(amount * 100)},
            "currency": {"S": link["currency"]},
            "description": {"S": link["title"]},
            "test": {"BOOL": True},
            "attempt": {"N": "1"},
            "sent": {"N": "1"},
            "lease_until": {"S": (now + timedelta(seconds=30)).isoformat()},
            "lease_owner": {"S": secrets.token_hex(4)},
            "capture": {"S": "automatic"},
            "items": {"M": {asked["link"]: {"N": str(asked.get("quantity", 1))}}},
            "lifetime": {"N": "86400"},
            "language": {"S": "ru"},
            "reference": {"S": asked["reference"]},
            "expires_at": {"S": expires_at.isoformat()},
            "payments": {"M": {}},
            "answers": {"M": {}},
            "sequence": {"N": "1"},
            "ttl": {"N": str(int((now + timedelta(days=90)).timestamp()))},
        },
        ConditionExpression="attribute_not_exists(pk)",
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )
    fields = {
        "pg_merchant_id": merchant["merchant_id"],
        "pg_order_id": order_id,
        "pg_idempotency_key": f"{order_id}-1",
        "pg_amount": f"{amount}.00",
        "pg_currency": link["currency"],
        "pg_description": link["title"],
        "pg_testing_mode": "1",
        "pg_auto_clearing": "1",
        "pg_lifetime": "86400",
        "pg_language": "ru",
        "pg_request_method": "POST",
        "pg_check_url": f"{base}/callbacks/paylink_check",
        "pg_result_url": f"{base}/callbacks/paylink_result",
        "pg_success_url": f"{base}/return/success",
        "pg_failure_url": f"{base}/return/failure",
        "pg_success_url_method": "GET",
        "pg_failure_url_method": "GET",
        "pg_site_url": os.environ["SHOP_URL"],
        "pg_user_contact_email": asked["customer"]["email"],
        "pg_user_phone": asked["customer"]["phone"],
        "pg_user_ip": event["requestContext"]["http"]["sourceIp"],
        "m_reference": asked["reference"],
        "pg_salt": secrets.token_hex(8),
    }
    fields["pg_sig"] = signature("init_payment.php", fields, merchant["secret_key"])
    reply = session.post(f"{os.environ['GATEWAY_URL']}/init_payment.php", data=fields, timeout=12)
    answer = {part.tag: part.text or "" for part in ElementTree.fromstring(reply.content)}
    if answer["pg_sig"] != signature("init_payment.php", answer, merchant["secret_key"]):
        raise ValueError("the answer is not the gateway's")
    table.update_item(
        TableName=TABLE,
        Key={"pk": {"S": order_id}, "sk": {"S": "order"}},
        UpdateExpression=(
            "SET #status = :pending, payment_id = :payment, redirect_url = :page, redirect_url_type = :type, "
            "payments = :payments, #sequence = :two REMOVE lease_until, lease_owner, #ttl"
        ),
        ConditionExpression="#sequence = :one AND #status = :creating",
        ExpressionAttributeNames={"#status": "status", "#sequence": "sequence", "#ttl": "ttl"},
        ExpressionAttributeValues={
            ":pending": {"S": "pending"},
            ":creating": {"S": "creating"},
            ":payment": {"S": answer["pg_payment_id"]},
            ":page": {"S": answer["pg_redirect_url"]},
            ":type": {"S": answer["pg_redirect_url_type"]},
            ":payments": {
                "M": {
                    answer["pg_payment_id"]: {
                        "M": {"state": {"S": "open"}, "amount": {"N": str(amount * 100)}}
                    }
                }
            },
            ":one": {"N": "1"},
            ":two": {"N": "2"},
        },
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )
    content = {
        "order_id": order_id,
        "status": "pending",
        "test": True,
        "payment_id": answer["pg_payment_id"],
        "amount": f"{amount}.00",
        "currency": link["currency"],
        "redirect_url": answer["pg_redirect_url"],
        "redirect_url_type": answer["pg_redirect_url_type"],
        "expires_at": expires_at.isoformat(),
        "status_url": f"{base}/payments/{order_id}",
    }
    return {
        "statusCode": 201,
        "headers": {"content-type": "application/json", "location": content["status_url"]},
        "body": json.dumps(content, ensure_ascii=False),
    }
