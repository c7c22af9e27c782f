"""A deployed stack in moto, as CloudFormation would describe it."""

import json
from typing import Any

import boto3

from paylink_cli.reaching.stack import Stack

NAME, REGION = "shop", "eu-central-1"
TARGET = ("--stack", NAME, "--region", REGION)
_KEY = {"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}


def deploy(api_url: str = "http://127.0.0.1:9", **parameters: str) -> Stack:
    """Make a stack of a table, the merchant's secret without a value, two queues and the outputs."""
    # Moto's CloudFormation knows no secrets.
    secret = boto3.client("secretsmanager", region_name=REGION).create_secret(Name="merchant")["ARN"]
    template = {
        "Parameters": {name: {"Type": "String"} for name in parameters},
        "Resources": {
            "Table": {"Type": "AWS::DynamoDB::Table", "Properties": _table()},
            "Unpublished": {"Type": "AWS::SQS::Queue"},
            "DeadLetters": {"Type": "AWS::SQS::Queue"},
        },
        "Outputs": {
            "ApiUrl": {"Value": api_url},
            "ResultUrl": {"Value": f"{api_url}/callbacks/paylink_result"},
            "CheckUrl": {"Value": f"{api_url}/callbacks/paylink_check"},
            "TableName": {"Value": {"Ref": "Table"}},
            "MerchantSecretArn": {"Value": secret},
            "UnpublishedQueueUrl": {"Value": {"Ref": "Unpublished"}},
            "DeadLettersUrl": {"Value": {"Ref": "DeadLetters"}},
        },
    }
    boto3.client("cloudformation", region_name=REGION).create_stack(
        StackName=NAME,
        TemplateBody=json.dumps(template),
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
    )
    return Stack(NAME, region=REGION)


def stored(stack: Stack, stage: str = "AWSCURRENT") -> dict[str, Any]:
    arn = stack.output("MerchantSecretArn")
    answer = stack.client("secretsmanager").get_secret_value(SecretId=arn, VersionStage=stage)
    return json.loads(answer["SecretString"])


def _table() -> dict[str, Any]:
    return {
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        "KeySchema": list(_KEY),
        "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
    }
