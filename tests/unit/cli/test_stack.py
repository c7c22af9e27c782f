"""A deployed stack: found by its name, its requests signed, and what AWS says turned into one line."""

from datetime import UTC, datetime, timedelta

import pytest

from unit.cli.fake_api import DONE, ORDER_ID, FakeApi, run
from unit.cli.signature import expected_authorization

ACCESS, SECRET, TOKEN = "AKIAMADEUP", "made-up-secret", "made-up-token"


@pytest.fixture(autouse=True)
def identity(monkeypatch: pytest.MonkeyPatch, api: FakeApi) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFORMATION", api.url)


def stack(api: FakeApi, **outputs: str) -> FakeApi:
    members = "".join(
        f"<member><OutputKey>{name}</OutputKey><OutputValue>{value}</OutputValue></member>"
        for name, value in outputs.items()
    )
    document = (
        '<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">'
        "<DescribeStacksResult><Stacks><member><StackName>shop</StackName>"
        "<CreationTime>2026-11-22T10:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus>"
        f"<Outputs>{members}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>"
    )
    return api.answers("POST /", document.encode(), content_type="text/xml")


def refusing(api: FakeApi, code: str, message: str, status: int) -> FakeApi:
    document = (
        '<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type>'
        f"<Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    )
    return api.answers("POST /", document.encode(), status, content_type="text/xml")


@pytest.mark.parametrize("token", [None, TOKEN])
@pytest.mark.parametrize(
    "words",
    [
        ("orders", "refund", ORDER_ID, "500", "--yes", "--key", "a-key-of-an-earlier-run"),
        ("orders", "list", "--day", "2026-11-22", "--attention", "--cursor", "a b+c/d=~é"),
        ("orders", "show", "odd id/é"),
    ],
)
def test_requests_are_signed_as_aws_expects(
    api: FakeApi, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], token: str | None
) -> None:
    if token:
        monkeypatch.setenv("AWS_SESSION_TOKEN", token)
    stack(api, ApiUrl=f"{api.url}/")
    api.answers(f"POST /orders/{ORDER_ID}/refund", DONE).answers(
        "GET /orders", {"orders": [], "cursor": None}
    )
    run(*words, "--stack", "shop", "--region", "eu-north-1")
    described, asked = api.asked
    assert "StackName=shop" in described.body
    assert asked.headers["authorization"] == expected_authorization(
        asked, secret=SECRET, access_key=ACCESS, region="eu-north-1"
    )
    assert asked.headers.get("x-amz-security-token") == token
    made = datetime.strptime(asked.headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert abs(datetime.now(UTC) - made) < timedelta(minutes=2)
    for name in ("idempotency-key", "content-type"):
        assert (name in asked.headers) == (name in asked.headers["authorization"])


def test_the_stack_may_be_named_by_the_environment(api: FakeApi) -> None:
    stack(api, ApiUrl=api.url).answers("GET /links", {"links": [], "cursor": None})
    result = run("links", "list", env={"PAYLINK_STACK": "shop", "AWS_REGION": "eu-north-1"})
    assert result.exit_code == 0
    assert "/eu-north-1/execute-api/" in api.asked[1].headers["authorization"]


def test_unsigned_requests_carry_no_identity(api: FakeApi) -> None:
    api.answers("GET /links", {"links": [], "cursor": None})
    api.run("links", "list")
    assert "authorization" not in api.asked[0].headers


@pytest.mark.parametrize(
    ("code", "message", "status", "said"),
    [
        ("ValidationError", "Stack with id shop does not exist", 400, "no stack 'shop' in eu-central-1"),
        ("AccessDenied", "User may not DescribeStacks", 403, "User may not DescribeStacks (AccessDenied)"),
        ("ExpiredToken", "expired", 403, "sign in again"),
    ],
)
def test_what_aws_refuses_is_one_line(api: FakeApi, code: str, message: str, status: int, said: str) -> None:
    refusing(api, code, message, status)
    result = run("links", "list", "--stack", "shop")
    assert result.exit_code == 3
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


def test_another_stack_is_none_of_ours(api: FakeApi) -> None:
    stack(api, BucketName="x")
    result = run("links", "list", "--stack", "shop")
    assert result.exit_code == 3
    assert "no output ApiUrl" in result.stderr


def test_without_credentials_it_says_how_to_sign_in(api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    result = run("links", "list", "--stack", "shop")
    assert result.exit_code == 3
    assert "aws sso login" in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_unknown_profile_and_no_region_are_wrong_use(
    api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run("links", "list", "--stack", "shop", "--profile", "nobody")
    assert result.exit_code == 2
    assert "nobody" in result.stderr
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    result = run("links", "list", "--stack", "shop")
    assert result.exit_code == 2
    assert "--region" in result.stderr


def test_nobody_listening_is_exit_code_3() -> None:
    result = run("orders", "refund", ORDER_ID, "--yes", "--local", "--port", "1")
    assert result.exit_code == 3
    assert "paylink local" in result.stderr.splitlines()[-1]
