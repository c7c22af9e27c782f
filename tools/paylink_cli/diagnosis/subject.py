"""The deployment that is looked at, and what several checks need of it."""

import functools
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from paylink.domain.credentials import MerchantKeys, parse_merchant_secret
from paylink.freedompay.hosts import REGIONS
from paylink_cli.merchant_document import read_document
from paylink_cli.reaching.api import Api, connect
from paylink_cli.reaching.merchant_secret import MerchantStore
from paylink_cli.reaching.stack import aws_errors
from paylink_cli.reaching.system import LocalSystem, System, reach
from paylink_cli.reaching.target import Target


class Subject:
    """One deployment. What it says of itself is asked for once. Its methods raise Unreachable."""

    def __init__(self, target: Target, system: System | None = None) -> None:
        """Take where it is, and what stands behind that if it is known already."""
        self.target = target
        self.system: System = system or reach(target)

    @property
    def is_local(self) -> bool:
        """Whether it is a `paylink local`."""
        return isinstance(self.system, LocalSystem)

    @functools.cached_property
    def api(self) -> Api:
        """Its API, as the operator reaches it."""
        return connect(self.target)

    @functools.cached_property
    def api_url(self) -> str:
        """The API's address, without a slash at its end."""
        return self.system.output("ApiUrl").rstrip("/")

    @functools.cached_property
    def stack(self) -> Mapping[str, Any]:
        """The stack as CloudFormation describes it; empty for a local system."""
        if self.target.stack_name is None:
            return {}
        with aws_errors():
            answer = self.system.client("cloudformation").describe_stacks(StackName=self.target.stack_name)
        return dict(answer["Stacks"][0])

    @functools.cached_property
    def parameters(self) -> Mapping[str, str]:
        """The parameters' values."""
        if isinstance(self.system, LocalSystem):
            return self.system.parameters
        return {one["ParameterKey"]: one["ParameterValue"] for one in self.stack.get("Parameters", [])}

    @functools.cached_property
    def keys(self) -> MerchantKeys:
        """The merchant's keys. Raises NotConfigured too."""
        version = MerchantStore(self.system).read()
        return parse_merchant_secret(read_document(version.text) if version else {})

    @functools.cached_property
    def functions(self) -> Mapping[str, str]:
        """The functions' own names by their names in the template; none for a local system."""
        if self.target.stack_name is None:
            return {}
        with aws_errors():
            pages = self.system.client("cloudformation").get_paginator("list_stack_resources")
            found = [
                resource
                for page in pages.paginate(StackName=self.target.stack_name)
                for resource in page["StackResourceSummaries"]
            ]
        return {
            resource["LogicalResourceId"]: resource["PhysicalResourceId"]
            for resource in found
            if resource["ResourceType"] == "AWS::Lambda::Function" and resource.get("PhysicalResourceId")
        }

    @property
    def test_mode(self) -> bool:
        """Whether its payments are tests where a link does not say otherwise."""
        return self.parameters.get("TestMode") != "false"

    @property
    def gateway_url(self) -> str:
        """The gateway's address."""
        if isinstance(self.system, LocalSystem):
            return self.system.gateway_url
        return (
            self.parameters.get("GatewayUrl") or REGIONS[self.parameters.get("GatewayRegion", "kz")].api_url
        )


def origin_of(url: str) -> str:
    """Scheme and host of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
