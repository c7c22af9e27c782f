"""What a person writes for the API: moments, amounts, pairs, and JSON files."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import click

from paylink.domain.clock import from_text, to_text, utc_now
from paylink.domain.money import parse_major
from paylink_cli.errors import WrongUse

_FROM_NOW: Final = re.compile(r"([1-9][0-9]{0,4})([mhd])")
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}


def moment(value: str) -> str:
    """A time with an offset, or a while from now, as the API reads it. Raises click.BadParameter."""
    distance = _FROM_NOW.fullmatch(value)
    if distance is not None:
        return to_text(utc_now() + timedelta(**{_UNITS[distance[2]]: int(distance[1])}))
    try:
        return to_text(from_text(value))
    except ValueError:
        raise click.BadParameter(
            f"{value!r} is no time: write 30m, 12h, 7d, or 2026-12-31T18:00:00+05:00 with its offset"
        ) from None


def amount(value: str) -> str:
    """An amount in major units, as it was written. Raises click.BadParameter.

    The API knows the currency and judges its decimals.
    """
    try:
        parse_major(value, "KZT")
    except ValueError as error:
        raise click.BadParameter(f"{value!r} {error}") from None
    return value


def pair(value: str) -> tuple[str, str]:
    """Name and value of `NAME=VALUE`. Raises click.BadParameter."""
    name, equals, text = value.partition("=")
    if not (name and equals):
        raise click.BadParameter(f"{value!r} must be NAME=VALUE")
    return name, text


def json_file(path: Path, what: str) -> Any:  # noqa: ANN401 - any JSON value
    """The JSON value of a file, amounts with decimals as the text they are. Raises WrongUse."""
    try:
        with click.open_file(str(path), encoding="utf-8") as file:
            text = file.read()
    except OSError as error:
        raise WrongUse(f"{path} cannot be read: {error.strerror}; name a file with {what}") from error
    except UnicodeDecodeError as error:
        raise WrongUse(f"{path} is not UTF-8 text; name a JSON file with {what}") from error
    try:
        # `1500.50` without quotes is meant as it is written, and a float might not be.
        return json.loads(text, parse_float=str)
    except ValueError as error:
        raise WrongUse(f"{path} is not JSON: {error}; name a file with {what}") from error


def json_object_file(path: Path, what: str) -> dict[str, Any]:
    """The JSON object of a file. Raises WrongUse."""
    content = json_file(path, what)
    if not isinstance(content, dict):
        raise WrongUse(f"{path} must hold a JSON object: {what}")
    return content
