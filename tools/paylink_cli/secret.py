"""`paylink secret`: puts the merchant's key in, changes it, and tells how it stands without showing it."""

import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from paylink.domain.clock import to_text, utc_now
from paylink.domain.credentials import MerchantKeys, parse_merchant_secret, usable
from paylink.domain.errors import NotConfigured
from paylink_cli.errors import CommandError, WrongUse
from paylink_cli.key_input import read_key
from paylink_cli.merchant_document import (
    Document,
    fingerprint,
    is_merchant_id,
    merchant_id_of,
    read_document,
    with_key,
)
from paylink_cli.reaching.system import reach
from paylink_cli.reaching.target import Target, target_options
from paylink_cli.showing.terminal import Terminal, terminal_options
from paylink_cli.showing.values import moment

_from_file = click.option(
    "--from-file",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Read the key from a file that holds it alone; `-`: from input.  [default: ask for it]",
)
_forget = click.option(
    "--forget-former",
    is_flag=True,
    help="Former keys stop at once, for a key that others have seen: callbacks signed with it are refused.",
)


@click.group(epilog="\b\nExample:\n  paylink secret rotate --stack my-shop\n")
def secret() -> None:
    """Put in the merchant's key, change it, see how it stands."""


@secret.command(
    "set",
    epilog="""\b
Example:
  paylink secret set --merchant-id 500001 --stack my-shop
  paylink secret set --merchant-id 500001 --from-file key.txt --stack my-shop

The key is asked for and not shown. A key that was set before goes on verifying
callbacks for 24 hours, so a typo and its correction lose nothing.
""",
)
@click.option("--merchant-id", metavar="NUMBER", help="The shop's number.  [default: the one set before]")
@_from_file
@_forget
@target_options
@terminal_options
def set_key(
    *, target: Target, terminal: Terminal, merchant_id: str | None, file: Path | None, forget_former: bool
) -> None:
    """Put in the merchant's number and key."""
    if merchant_id is not None and not is_merchant_id(merchant_id):
        raise WrongUse("--merchant-id must be the shop's number, digits only")
    number = merchant_id

    def number_of(document: Document | None) -> str:
        return number or merchant_id_of(document) or _ask_number()

    _put(target, terminal, file, number_of, forget_former=forget_former)


@secret.command(
    epilog="""\b
Example:
  paylink secret rotate --stack my-shop
  paylink secret rotate --from-file - --stack my-shop < new-key.txt

Run it when the merchant's cabinet has the new key. Callbacks signed with the
former one are taken for 24 hours more; requests are signed with the new one.
"""
)
@_from_file
@_forget
@target_options
@terminal_options
def rotate(*, target: Target, terminal: Terminal, file: Path | None, forget_former: bool) -> None:
    """Change the key; the former one is accepted for 24 hours more."""

    def number_of(document: Document | None) -> str:
        if document is None or not usable(document.get("secret_key")):
            raise CommandError(
                "there is no key to change yet; put the first one in with `paylink secret set`"
            )
        number = merchant_id_of(document)
        if number is None:
            raise CommandError("the secret has no merchant number; put it in with `paylink secret set`")
        return number

    _put(target, terminal, file, number_of, forget_former=forget_former)


@secret.command(
    epilog="""\b
Example:
  paylink secret status --stack my-shop
  paylink secret status --json --local
"""
)
@target_options
@terminal_options
def status(*, target: Target, terminal: Terminal) -> None:
    """Tell how the key stands; no key is shown."""
    from paylink_cli.reaching.merchant_secret import MerchantStore  # noqa: PLC0415 - loads the AWS SDK

    store = MerchantStore(reach(target))
    version = store.read()
    if version is None:
        raise CommandError("no key is set yet; put one in with `paylink secret set --merchant-id NUMBER`")
    try:
        keys = parse_merchant_secret(read_document(version.text))
    except NotConfigured as error:
        raise CommandError(f"{str(error).rstrip('.')}: `paylink secret set` does") from None
    _show(terminal, store.secret, keys, utc_now())


def _put(
    target: Target,
    terminal: Terminal,
    file: Path | None,
    number_of: Callable[[Document | None], str],
    *,
    forget_former: bool,
) -> None:
    from paylink_cli.reaching.merchant_secret import MerchantStore  # noqa: PLC0415 - loads the AWS SDK

    store = MerchantStore(reach(target))
    version = store.read()
    present = read_document(version.text) if version else None
    number = number_of(present)
    key = read_key(file, confirm=True)
    if present is not None and _stands(present, number, key) and not forget_former:
        terminal.note("This key is the one that is set; nothing was changed.")
    else:
        if version is not None and present is None:
            terminal.note("What stood in the secret was no JSON object and is replaced.")
        store.change(lambda document, now: with_key(document, number, key, now, keep=not forget_former))
        terminal.note(
            "Functions take it when their copy of five minutes ends, or when the gateway signs with it."
        )
    written = store.read()
    _show(
        terminal,
        store.secret,
        parse_merchant_secret(read_document(written.text if written else None)),
        utc_now(),
    )


def _stands(document: Mapping[str, Any], number: str, key: str) -> bool:
    return merchant_id_of(document) == number and document.get("secret_key") == key


def _ask_number() -> str:
    if not sys.stdin.isatty():
        raise WrongUse("which shop? add --merchant-id with its number")
    number = str(click.prompt("Merchant number", err=True)).strip()
    if not is_merchant_id(number):
        raise WrongUse("the merchant number must be digits only")
    return number


def _show(terminal: Terminal, name: str, keys: MerchantKeys, now: datetime) -> None:
    former = sorted(
        (key for key in keys.previous if now < key.accept_until), key=lambda key: key.accept_until
    )
    marks = [(fingerprint(name, key.secret_key), to_text(key.accept_until)) for key in former]
    own = fingerprint(name, keys.secret_key)
    if terminal.as_json:
        terminal.json(
            {
                "merchant_id": keys.merchant_id,
                "fingerprint": own,
                "former": [{"fingerprint": mark, "accept_until": until} for mark, until in marks],
            }
        )
        return
    terminal.facts(
        [
            ("Merchant", keys.merchant_id),
            ("Key", f"set, fingerprint {own}"),
            ("Former keys", str(len(marks))),
            *(("", f"fingerprint {mark}, accepted until {moment(until)}") for mark, until in marks),
        ]
    )
