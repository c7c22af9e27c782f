"""A deployed stack: its outputs, and an AWS session in its region."""

import functools
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    NoRegionError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)

from paylink_cli.errors import CommandError, Unreachable, WrongUse

if TYPE_CHECKING:
    from botocore.credentials import ReadOnlyCredentials

_TIMES = Config(connect_timeout=5, read_timeout=20, retries={"mode": "standard", "max_attempts": 3})


class Stack:
    """One stack. Every method raises Unreachable where AWS or the credentials do not answer."""

    def __init__(self, name: str, *, region: str | None = None, profile: str | None = None) -> None:
        self.name = name
        with aws_errors():
            # The SDK reads AWS_DEFAULT_REGION and the profile; AWS_REGION is what other tools and Lambda set.
            self.session = boto3.Session(
                profile_name=profile, region_name=region or os.environ.get("AWS_REGION") or None
            )
        if self.session.region_name is None:
            raise WrongUse("in which region is the stack? add --region or set AWS_REGION")

    @property
    def region(self) -> str:
        """The stack's region."""
        return self.session.region_name

    @functools.cached_property
    def outputs(self) -> Mapping[str, str]:
        """The stack's outputs by name."""
        with aws_errors():
            try:
                answer = self.client("cloudformation").describe_stacks(StackName=self.name)
            except ClientError as error:
                if error.response["Error"]["Code"] == "ValidationError":
                    raise Unreachable(
                        f"there is no stack {self.name!r} in {self.region}; check --stack, --region and --profile"
                    ) from error
                raise
        found = answer["Stacks"][0].get("Outputs", [])
        return {output["OutputKey"]: output["OutputValue"] for output in found}

    def output(self, name: str) -> str:
        """One output. Raises Unreachable where the stack has none of that name."""
        if name not in self.outputs:
            raise Unreachable(
                f"the stack {self.name!r} has no output {name}: it is no Paylink stack, or its deployment "
                "did not finish"
            )
        return self.outputs[name]

    def client(self, service: str) -> Any:  # noqa: ANN401 - typed stubs for a few services only are installed
        """An AWS client in the stack's region."""
        return self.session.client(service, config=_TIMES)  # type: ignore[call-overload]  # any service's name

    def credentials(self) -> "ReadOnlyCredentials":
        """The credentials as they are at this moment."""
        with aws_errors():
            credentials = self.session.get_credentials()
            if credentials is None:
                raise NoCredentialsError
            return credentials.get_frozen_credentials()


@contextmanager
def aws_errors() -> Iterator[None]:
    """Turn what the AWS SDK raises into one line with what to do next."""
    try:
        yield
    except CommandError:
        raise
    except ProfileNotFound as error:
        raise WrongUse(f"{error}; `aws configure list-profiles` shows those there are") from error
    except NoRegionError as error:
        raise WrongUse("in which region? add --region or set AWS_REGION") from error
    except NoCredentialsError as error:
        raise Unreachable(
            "no AWS credentials were found; sign in with `aws configure` or `aws sso login`, or name a --profile"
        ) from error
    except (SSOError, TokenRetrievalError) as error:
        raise Unreachable("the AWS sign-in has ended; sign in again with `aws sso login`") from error
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
        if code in {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}:
            raise Unreachable("the AWS credentials have expired; sign in again") from error
        raise Unreachable(f"AWS refused {error.operation_name}: {message or code} ({code})") from error
    except BotoCoreError as error:
        raise Unreachable(f"AWS could not be reached: {error}") from error
