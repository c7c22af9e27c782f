"""What stands behind an API: a deployed stack by its outputs, or the parts of `paylink local`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

import requests

from paylink_cli.errors import Unreachable, WrongUse
from paylink_cli.reaching.target import Target

if TYPE_CHECKING:
    import boto3

SYSTEM_PATH: Final = "/local/system"
# Emulators take any credentials; these can open nothing real.
_FAKE: Final = "local"
_TIMEOUTS: Final = (3, 10)


class System(Protocol):
    """Outputs, and AWS clients that reach what they name. Every method raises Unreachable."""

    @property
    def region(self) -> str:
        """The region."""
        ...

    @property
    def outputs(self) -> Mapping[str, str]:
        """The outputs by name."""
        ...

    def output(self, name: str) -> str:
        """One output."""
        ...

    def client(self, service: str) -> Any:  # noqa: ANN401 - typed stubs for a few services only are installed
        """An AWS client."""
        ...


class LocalSystem:
    """What `paylink local` says of itself."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self.region = str(said["region"])
        self.outputs: Mapping[str, str] = dict(said["outputs"])
        self.parameters: Mapping[str, str] = dict(said["parameters"])
        self.gateway_url = str(said["gateway"])
        self.sandbox_url: str | None = said["sandbox"]
        self._aws_url = str(said["aws"])
        self._dynamodb_url = str(said["dynamodb"])
        self._session: boto3.Session | None = None

    def output(self, name: str) -> str:
        """One output. Raises Unreachable where there is none of that name."""
        if name not in self.outputs:
            raise Unreachable(
                f"`paylink local` has no output {name}; start it anew from this version's checkout"
            )
        return self.outputs[name]

    def client(self, service: str) -> Any:  # noqa: ANN401 - as above
        """A client of the embedded AWS, or of the table's own engine."""
        if self._session is None:
            # Costs a third of a second, which `paylink trigger` need not wait for.
            import boto3  # noqa: PLC0415

            self._session = boto3.Session(
                region_name=self.region, aws_access_key_id=_FAKE, aws_secret_access_key=_FAKE
            )
        from botocore.config import Config  # noqa: PLC0415 - as above

        times = Config(connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 1})
        url = self._dynamodb_url if service in {"dynamodb", "dynamodbstreams"} else self._aws_url
        return self._session.client(service, endpoint_url=url, config=times)  # type: ignore[call-overload]  # any service's name


def reach(target: Target) -> System:
    """What stands behind the target. Raises WrongUse for an address that is not `paylink local`'s."""
    return target.stack() if target.api_url is None else reach_local(target.api_url)


def reach_local(url: str) -> LocalSystem:
    """The `paylink local` that serves at an address. Raises Unreachable, or WrongUse for another API."""
    session = requests.Session()
    session.trust_env = False
    try:
        answer = session.get(url + SYSTEM_PATH, timeout=_TIMEOUTS, allow_redirects=False)
        said = answer.json() if answer.status_code == 200 else None
    except ValueError:
        said = None
    except requests.RequestException as error:
        raise Unreachable(
            f"{url} cannot be reached; is it running? start one with `paylink local`"
        ) from error
    try:
        return LocalSystem(said)  # type: ignore[arg-type]  # None is a TypeError as well
    except (KeyError, TypeError, ValueError):
        raise WrongUse(
            f"{url} is not a `paylink local` of this version; name a deployed one with --stack NAME"
        ) from None
