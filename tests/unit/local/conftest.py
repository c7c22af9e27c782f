"""A tiny project (template and functions) for each test that runs one."""

import textwrap
from pathlib import Path

import pytest

TEMPLATE = """\
Parameters:
  Greeting: {Type: String}
  Colours: {Type: CommaDelimitedList, Default: "red, blue"}
  Loud: {Type: String, Default: true}
  Origins: {Type: CommaDelimitedList, Default: "http://shop.example"}
Conditions:
  IsLoud: !Equals [!Ref Loud, "true"]
  IsQuiet: !Not [!Condition IsLoud]
Globals:
  Function:
    Timeout: 2
    MemorySize: 256
    Layers: [!Ref Layer]
    Environment:
      Variables:
        SHARED: "from globals"
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration:
        AllowOrigins: !Ref Origins
        AllowMethods: [GET, POST]
        AllowHeaders: [content-type]
        ExposeHeaders: [retry-after]
        MaxAge: 600
  Layer:
    Type: AWS::Serverless::LayerVersion
    Properties: {ContentUri: layer/}
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions:
        - {AttributeName: pk, AttributeType: S}
        - {AttributeName: sk, AttributeType: S}
        - {AttributeName: day, AttributeType: S}
      KeySchema:
        - {AttributeName: pk, KeyType: HASH}
        - {AttributeName: sk, KeyType: RANGE}
      GlobalSecondaryIndexes:
        - IndexName: by_day
          KeySchema:
            - {AttributeName: day, KeyType: HASH}
            - {AttributeName: sk, KeyType: RANGE}
          Projection: {ProjectionType: KEYS_ONLY}
      TimeToLiveSpecification: {AttributeName: ttl, Enabled: true}
      StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}
      PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}
  MerchantSecret:
    Type: AWS::SecretsManager::Secret
    Properties: {Description: set by the owner}
  StackSecret:
    Type: AWS::SecretsManager::Secret
    Properties:
      GenerateSecretString:
        SecretStringTemplate: '{"version": 1}'
        GenerateStringKey: key
        PasswordLength: 64
        ExcludePunctuation: true
  Echo:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/echo
      Handler: app.handler
      Environment:
        Variables:
          GREETING: !Sub "${Greeting}, ${AWS::Region}"
          COLOURS: !Join [";", !Ref Colours]
          QUIET: !If [IsQuiet, "yes", !Ref AWS::NoValue]
      Events:
        Read: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: get, Path: "/echo/{name}"}}
        Write: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: POST, Path: /echo}}
        Short:
          Type: HttpApi
          Properties: {ApiId: !Ref Api, Method: POST, Path: /short, TimeoutInMillis: 300}
        Night: {Type: Schedule, Properties: {Schedule: rate(1 day)}}
  Absent:
    Type: AWS::Serverless::Function
    Condition: IsQuiet
    Properties: {CodeUri: functions/absent, Handler: app.handler}
"""

ECHO = """
import json
import os
import sys
import time

from shared_words import WORD


def handler(event, context):
    todo = json.loads(event.get("body") or "{}")
    print("said on standard output")
    if "sleep" in todo:
        time.sleep(todo["sleep"])
    if "raise" in todo:
        raise RuntimeError("asked to raise")
    if "exit" in todo:
        os._exit(todo["exit"])
    if "result" in todo:
        return todo["result"]
    if "unserialisable" in todo:
        return {"statusCode": 200, "body": object()}
    told = {
        "pid": os.getpid(),
        "word": WORD,
        "environment": dict(os.environ),
        "event": event,
        "stdin": sys.stdin.read(),
        "context": {
            "aws_request_id": context.aws_request_id,
            "function_name": context.function_name,
            "memory": context.memory_limit_in_mb,
            "remaining": context.get_remaining_time_in_millis(),
            "arn": context.invoked_function_arn,
        },
    }
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(told)}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a template, a layer and one function that tells what it was given."""
    for folder, name, text in (
        (".", "template.yaml", TEMPLATE),
        ("functions/echo", "app.py", textwrap.dedent(ECHO)),
        ("layer", "shared_words.py", 'WORD = "from the layer"\n'),
    ):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / name).write_text(text, encoding="utf-8")
    return tmp_path
