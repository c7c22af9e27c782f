"""The one place that decides which API a command speaks to."""

import functools
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import click

from paylink_cli.errors import WrongUse

if TYPE_CHECKING:
    from paylink_cli.reaching.stack import Stack

LOCAL_PORT: Final = 8080
STACK_VARIABLE: Final = "PAYLINK_STACK"
API_VARIABLE: Final = "PAYLINK_API"
_HOW: Final = (
    f"say which one with --stack NAME, --local or --api URL, or set {STACK_VARIABLE} or {API_VARIABLE}"
)


@dataclass(frozen=True)
class Target:
    """One API: a deployed stack, whose requests are signed, or an address that takes them unsigned."""

    api_url: str | None = None
    stack_name: str | None = None
    region: str | None = None
    profile: str | None = None

    def stack(self) -> "Stack":
        """The deployed stack. Raises WrongUse where the target is none."""
        if self.stack_name is None:
            raise WrongUse(f"this needs a deployed stack: add --stack NAME or set {STACK_VARIABLE}")
        # Costs a third of a second, and `paylink local` needs none of it.
        from paylink_cli.reaching.stack import Stack  # noqa: PLC0415

        return Stack(self.stack_name, region=self.region, profile=self.profile)


def choose(
    *,
    stack: str | None = None,
    region: str | None = None,
    profile: str | None = None,
    local: bool = False,
    port: int | None = None,
    api: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Target:
    """The target of these options; the environment counts only where no option names one. Raises WrongUse."""
    if stack is None and api is None and not local:
        variables = os.environ if environment is None else environment
        stack, api = variables.get(STACK_VARIABLE) or None, variables.get(API_VARIABLE) or None
    named = [name for name, given in (("--stack", stack), ("--local", local), ("--api", api)) if given]
    if not named:
        raise WrongUse(f"which Paylink? {_HOW}")
    if len(named) > 1:
        raise WrongUse(f"{' and '.join(named)} name different systems (or their variables do); {_HOW}")
    if port is not None and not local:
        raise WrongUse("--port goes with --local; an address of --api carries its own")
    if stack is None and (region or profile):
        raise WrongUse("--region and --profile go with --stack")
    if stack is not None:
        return Target(stack_name=stack, region=region, profile=profile)
    return Target(api_url=_web_url(api) if api else f"http://127.0.0.1:{port or LOCAL_PORT}")


def target_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that name an API; it gets them as `target`."""

    @click.option("--stack", metavar="NAME", help=f"The deployed stack.  [env: {STACK_VARIABLE}]")
    @click.option("--region", metavar="REGION", help="The stack's region.  [env: AWS_REGION]")
    @click.option("--profile", metavar="PROFILE", help="The AWS profile to use.  [env: AWS_PROFILE]")
    @click.option("--local", is_flag=True, help="The system that `paylink local` runs.")
    @click.option(
        "--port", type=click.IntRange(1, 65535), metavar="PORT", help=f"Its port.  [default: {LOCAL_PORT}]"
    )
    @click.option("--api", metavar="URL", help=f"An API that asks for no signature.  [env: {API_VARIABLE}]")
    @functools.wraps(command)
    def with_target(
        *,
        stack: str | None,
        region: str | None,
        profile: str | None,
        local: bool,
        port: int | None,
        api: str | None,
        **others: Any,  # noqa: ANN401 - the command's own options
    ) -> Any:  # noqa: ANN401 - whatever the command returns
        target = choose(stack=stack, region=region, profile=profile, local=local, port=port, api=api)
        return command(target=target, **others)

    return with_target


def _web_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise WrongUse(f"the API's address must be like http://127.0.0.1:{LOCAL_PORT}, not {url!r}")
    return url.rstrip("/")
