"""A protocol message as a person has it: NAME=VALUE words, a file, or input; and the keys to hold it against."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click

from paylink.domain.clock import utc_now
from paylink.domain.credentials import parse_merchant_secret
from paylink.domain.errors import NotConfigured
from paylink.freedompay.errors import UnreadableMessage
from paylink.freedompay.forms import nested
from paylink.freedompay.messages import MAX_BYTES, read_request, read_xml
from paylink.freedompay.signature import Field
from paylink_cli import documents
from paylink_cli.errors import CommandError, WrongUse
from paylink_cli.key_input import read_key
from paylink_cli.reaching.system import reach
from paylink_cli.reaching.target import choose

_FORM: Final = "application/x-www-form-urlencoded"
_ROOTS: Final = ("request", "response")
_INPUT: Final = Path("-")


@dataclass(frozen=True)
class Message:
    """A message, the script name or address that signs it, and the keys, which stay out of every text."""

    script: str
    fields: Sequence[Field]
    keys: Callable[[], Sequence[str]]


def message_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of a message; it gets them as `message`."""

    @click.argument("words", nargs=-1, metavar="[NAME=VALUE]...")
    @click.option(
        "--script",
        required=True,
        metavar="NAME|URL",
        help="The script name, or the address that was called: its last part signs.",
    )
    @click.option(
        "--file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The message as it was sent: urlencoded, XML or multipart; `-`: from input.",
    )
    @click.option(
        "--key-file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="A file that holds the secret key alone; `-`: from input.  [default: ask for it]",
    )
    @click.option("--stack", metavar="NAME", help="Take the keys of a deployed stack.")
    @click.option("--region", metavar="REGION", help="The stack's region.  [env: AWS_REGION]")
    @click.option("--profile", metavar="PROFILE", help="The AWS profile to use.  [env: AWS_PROFILE]")
    @click.option("--local", is_flag=True, help="Take the keys of `paylink local`.")
    @click.option("--port", type=click.IntRange(1, 65535), metavar="PORT", help="Its port.")
    @functools.wraps(command)
    def with_message(
        *,
        words: tuple[str, ...],
        script: str,
        file: Path | None,
        key_file: Path | None,
        **given: Any,  # noqa: ANN401 - the command's own options
    ) -> Any:  # noqa: ANN401 - whatever the command returns
        where = {name: given.pop(name) for name in ("stack", "region", "profile", "local", "port")}
        if file == _INPUT and key_file == _INPUT:
            raise WrongUse("--file and --key-file cannot both be read from input")
        if any(where.values()) and key_file is not None:
            raise WrongUse("--key-file and a system's own keys exclude each other")
        fields = _fields(script, words, file)
        message = Message(script, fields, functools.partial(_keys, key_file, where))
        return command(message=message, **given)

    return with_message


def read_message(raw: bytes) -> list[Field]:
    """The fields of a message in any of the protocol's encodings, told by how it begins. Raises WrongUse."""
    start = raw.lstrip(b"\xef\xbb\xbf \t\r\n")
    try:
        if start.startswith(b"<"):
            return _xml(start)
        if start.startswith(b"--"):
            # A saved body has lost its header; its first line tells the boundary. A file ends lines as it likes.
            body = start if b"\r\n" in start else start.replace(b"\n", b"\r\n")
            boundary = body.partition(b"\r\n")[0][2:].decode("ascii", "replace")
            return read_request("POST", "", f'multipart/form-data; boundary="{boundary}"', body)
        return read_request("POST", "", _FORM, start.rstrip(b"\r\n"))
    except UnreadableMessage as error:
        raise WrongUse(f"the message cannot be read: {error}; give it as it was sent") from error


def _fields(script: str, words: Sequence[str], file: Path | None) -> list[Field]:
    if words and file is not None:
        raise WrongUse("--file and NAME=VALUE words exclude each other")
    if words:
        try:
            return nested([documents.pair(word) for word in words])
        except UnreadableMessage as error:
            raise WrongUse(f"the message cannot be read: {error}") from error
    if file is not None:
        return read_message(_content(file))
    query = script.partition("#")[0].partition("?")[2]
    if query:
        try:
            return read_request("GET", query, None, b"")
        except UnreadableMessage as error:
            raise WrongUse(f"the address's query cannot be read: {error}") from error
    raise WrongUse("which message? give its fields as NAME=VALUE, or the file that holds it with --file")


def _content(file: Path) -> bytes:
    try:
        with click.open_file(str(file), "rb") as stream:
            raw: bytes = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise WrongUse(f"{file} cannot be read: {error.strerror}; name a file with the message") from error
    if len(raw) > MAX_BYTES:
        raise WrongUse(f"{file} holds more than {MAX_BYTES} bytes: that is no message of this protocol")
    return raw


def _xml(document: bytes) -> list[Field]:
    try:
        return read_xml(document, _ROOTS[0])
    except UnreadableMessage:
        return read_xml(document, _ROOTS[1])


def _keys(key_file: Path | None, where: dict[str, Any]) -> Sequence[str]:
    if not any(where.values()):
        return (read_key(key_file),)
    from paylink_cli.merchant_document import read_document  # noqa: PLC0415 - for a system's keys alone
    from paylink_cli.reaching.merchant_secret import MerchantStore  # noqa: PLC0415 - loads the AWS SDK

    version = MerchantStore(reach(choose(**where, environment={}))).read()
    try:
        return parse_merchant_secret(read_document(version.text if version else None)).verifying(utc_now())
    except NotConfigured as error:
        raise CommandError(f"{error}") from None
