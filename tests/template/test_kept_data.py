"""The table and the secrets: what they are, and that nothing deletes them."""

import json

from engines.template import load_template, resources, template
from paylink.domain.webhook import parse_webhook_secret

TABLE = template()["Resources"]["Table"]
SECRETS = resources("AWS::SecretsManager::Secret")


def test_what_holds_data_outlives_the_stack() -> None:
    kept = {"Table": TABLE, **SECRETS}
    assert set(kept) == {"Table", "MerchantSecret", "StackSecret", "WebhookSecret", "TelegramSecret"}
    for name, resource in kept.items():
        assert resource["DeletionPolicy"] == "Retain", name
        assert resource["UpdateReplacePolicy"] == "Retain", name


def test_nothing_that_is_kept_has_a_name_of_its_own() -> None:
    # A second deployment after a deletion would meet the retained one of that name, and fail.
    for name, resource in {"Table": TABLE, **SECRETS}.items():
        assert not {"TableName", "Name"} & set(resource["Properties"]), name


def test_the_table() -> None:
    properties = TABLE["Properties"]
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert keys(properties) == ("pk", "sk")
    assert properties["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}
    assert properties["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["SSESpecification"] == {"SSEEnabled": True}
    assert properties["DeletionProtectionEnabled"] is True


def test_the_indexes_hold_keys_only() -> None:
    indexes = {index["IndexName"]: index for index in TABLE["Properties"]["GlobalSecondaryIndexes"]}
    assert {name: keys(index) for name, index in indexes.items()} == {
        "waiting": ("waiting", "created_at"),
        "by_day": ("day", "created_at"),
    }
    for index in indexes.values():
        assert index["Projection"] == {"ProjectionType": "KEYS_ONLY"}


def test_every_attribute_is_a_key_and_text() -> None:
    properties = TABLE["Properties"]
    used = {*keys(properties)}.union(*(keys(index) for index in properties["GlobalSecondaryIndexes"]))
    assert {one["AttributeName"] for one in properties["AttributeDefinitions"]} == used
    assert {one["AttributeType"] for one in properties["AttributeDefinitions"]} == {"S"}


def test_the_merchants_secret_is_made_empty() -> None:
    # Any value here, a generated one too, would be a key that verifies callbacks until the owner sets the real one.
    assert set(SECRETS["MerchantSecret"]["Properties"]) == {"Description", "Tags"}


def test_the_stacks_secret_is_made_by_aws() -> None:
    properties = SECRETS["StackSecret"]["Properties"]
    assert set(properties) == {"Description", "GenerateSecretString", "Tags"}
    generated = properties["GenerateSecretString"]
    assert json.loads(generated["SecretStringTemplate"]) == {}
    assert generated["GenerateStringKey"] == "key"
    assert generated["PasswordLength"] == 64


def test_the_webhooks_secret_is_made_by_aws_as_the_specification_wants_it() -> None:
    properties = SECRETS["WebhookSecret"]["Properties"]
    assert set(properties) == {"Description", "GenerateSecretString", "Tags"}
    generated = properties["GenerateSecretString"]
    assert generated["ExcludePunctuation"] is True, "letters and digits alone are base64"
    letters = "aZ09" * (generated["PasswordLength"] // 4)
    document = {**json.loads(generated["SecretStringTemplate"]), generated["GenerateStringKey"]: letters}
    keys = parse_webhook_secret(document)
    assert len(keys.current) == 33
    assert keys.previous == ()


def test_the_bots_token_is_its_owners_to_set() -> None:
    assert set(SECRETS["TelegramSecret"]["Properties"]) == {"Description", "Tags"}


def test_no_output_shows_a_secrets_value() -> None:
    text = json.dumps(load_template())
    assert "resolve:secretsmanager" not in text
    assert "SecretString}" not in text


def keys(holder: dict) -> tuple[str, ...]:
    wanted = {"HASH": 0, "RANGE": 1}
    ordered = sorted(holder["KeySchema"], key=lambda key: wanted[key["KeyType"]])
    return tuple(key["AttributeName"] for key in ordered)
