"""What the stand-in gateway is told to be: its one shop and how that shop is set up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

CHOICES: Mapping[str, frozenset[str]] = {
    "repeated_key": frozenset({"same", "error", "new"}),
    "callback_encoding": frozenset({"urlencoded", "multipart"}),
    "refunded_word": frozenset({"success", "refunded"}),
}
# Who the shop is can't be read back over HTTP.
LONGEST = 366 * 86_400  # of any time in the settings, in its own unit
SECRETS = frozenset({"secret_key", "former_keys"})


@dataclass
class Settings:
    """The shop's settings; attributes may be changed while the sandbox runs."""

    merchant_id: str
    secret_key: str = field(repr=False)
    repeated_key: str = "same"  # what a repeated pg_idempotency_key does: same answer, error, or new payment
    check_call: bool = False  # whether pg_check_url is called before money is taken
    retry_same_page: bool = True  # whether the buyer may try another card after a decline
    callback_encoding: str = "urlencoded"  # or multipart, for callbacks by POST
    two_step: bool = False  # what an absent pg_auto_clearing means
    public_url: str | None = None  # base of the hosted page's address, None = the request's own host
    callback_timeout: float = 30.0  # seconds to wait for the shop's answer
    former_keys: Sequence[str] = field(
        default=(), repr=False
    )  # requests and replies signed with them still count
    lag_seconds: float = 0  # how long the status shows the sums from before an operation
    reversal_delay: float = 0  # seconds until a payment that the shop rejected is reversed
    auto_clearing_days: float | None = 5  # after which a hold clears itself, None = never
    refunded_word: str = "success"  # a payment's status once all of it was refunded
    refund_hides_payment: bool = False  # whether the status of an order is its last refund's

    def __post_init__(self) -> None:
        """Hold the values against their kinds. Raises ValueError."""
        self.update({})
        if not self.merchant_id.isdigit() or not self.secret_key:
            raise ValueError("a sandbox needs a numeric merchant_id and a secret_key")

    def update(self, values: Mapping[str, object]) -> None:
        """Change settings, all or none. Raises ValueError for an unknown name or an unfit value."""
        known = {item.name: getattr(self, item.name) for item in fields(self)}
        for name in values:
            if name not in known:
                raise ValueError(f"{name} is not a setting; the settings are {', '.join(sorted(known))}")
        for name, value in {**known, **values}.items():
            _check(name, value)
        for name, value in values.items():
            setattr(self, name, value)

    def shown(self) -> dict[str, object]:
        """Return the settings but for the keys."""
        return {item.name: getattr(self, item.name) for item in fields(self) if item.name not in SECRETS}

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys whose signatures count; the first is the one that signs."""
        return (self.secret_key, *self.former_keys)


def _check(name: str, value: object) -> None:
    kinds: dict[str, tuple[type, ...]] = {
        "check_call": (bool,),
        "retry_same_page": (bool,),
        "two_step": (bool,),
        "public_url": (str, type(None)),
        "callback_timeout": (int, float),
        "former_keys": (list, tuple),
        "lag_seconds": (int, float),
        "reversal_delay": (int, float),
        "auto_clearing_days": (int, float, type(None)),
        "refund_hides_payment": (bool,),
    }
    fits = isinstance(value, expected := kinds.get(name, (str,)))
    if isinstance(value, bool) and bool not in expected:
        fits = False
    if isinstance(value, int | float) and not 0 <= value <= LONGEST:
        fits = False
    if isinstance(value, list | tuple) and not all(key and isinstance(key, str) for key in value):
        fits = False
    if not fits or (name == "secret_key" and not value):
        raise ValueError(f"{name} can't be of this kind")
    if name in CHOICES and value not in CHOICES[name]:
        raise ValueError(f"{name} must be one of {', '.join(sorted(CHOICES[name]))}")
