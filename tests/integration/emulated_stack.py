"""A stack for functions that run in processes and containers of their own: moto's server, and the stand-in gateway."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import boto3

from engines.embedded_aws import MERCHANT_ID, MERCHANT_KEY, DeployedStack
from engines.template import environment
from freedompay_sandbox import Sandbox, running
from integration.deployment import Deployment
from integration.event_files import LINKS, order_of_the_events

ORIGIN = "https://shop.example"


@dataclass(frozen=True)
class EmulatedStack:
    """Everything around the functions, each part on a loopback port."""

    deployed: DeployedStack
    sandbox: Sandbox
    gateway: str

    @functools.cached_property
    def data(self) -> Deployment:
        """The stack's table and secrets, to prepare and to look at."""
        clients = (
            boto3.client(service, endpoint_url=self.deployed.endpoint)
            for service in ("dynamodb", "secretsmanager")
        )
        return Deployment(
            *clients, self.deployed.merchant_secret, self.deployed.stack_secret, self.deployed.table
        )

    @property
    def ports(self) -> list[int]:
        """What a container has to reach."""
        return [int(url.rpartition(":")[2]) for url in (self.deployed.endpoint, self.gateway)]

    def prepare(self) -> None:
        """Puts in the table what the events speak of."""
        for link in LINKS:
            self.data.put_link(link)
        self.data.put_order(order_of_the_events())

    def variables(self, function: str, **parameters: str) -> dict[str, str]:
        """A function's environment by the template, and where its AWS is."""
        chosen = {"AllowedOrigins": ORIGIN, "ShopUrl": f"{ORIGIN}/thanks", "GatewayUrl": self.gateway}
        return {
            **environment(function, self.deployed.physical_ids, **{**chosen, **parameters}),
            **self.deployed.endpoint_variables,
        }


@contextmanager
def emulated_stack(deployed: DeployedStack) -> Iterator[EmulatedStack]:
    """The stack, with the gateway serving for as long as the block lasts."""
    sandbox = Sandbox(merchant_id=MERCHANT_ID, secret_key=MERCHANT_KEY)
    with running(sandbox) as gateway:
        yield EmulatedStack(deployed, sandbox, gateway)
