"""Links to start with, from a JSON file: a list of the objects that `PUT /links/{id}` takes, with ids."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from paylink.adapters.links import Links
from paylink.domain.errors import InvalidRequest
from paylink.domain.link import Link
from paylink.domain.link_form import parse_link
from paylink_local.errors import SeedError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def read_seeds(path: Path) -> list[Link]:
    """Return the links of a seed file; raises SeedError naming the entry and the field that is wrong."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SeedError(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise SeedError(f"{path} is not JSON: {error}") from error
    if not isinstance(entries, list):
        raise SeedError(f"{path} must hold a JSON list of links")
    links: dict[str, Link] = {}
    for number, entry in enumerate(entries, start=1):
        where = _where(path, number, entry)
        try:
            link = parse_link(entry)
        except InvalidRequest as error:
            faults = "; ".join(f"{fault.field}: {fault.detail}" for fault in error.entries)
            raise SeedError(f"{where}: {faults}") from error
        if link.id in links:
            raise SeedError(f"{where}: id: is given twice in this file")
        links[link.id] = link
    return list(links.values())


def put_seeds(links: Iterable[Link], client: "DynamoDBClient", table_name: str) -> None:
    """Put links into the table, over links of the same ids."""
    store = Links(client, table_name)
    for link in links:
        store.put(link)


def _where(path: Path, number: int, entry: object) -> str:
    link_id = entry.get("id") if isinstance(entry, dict) else None
    return f"{path}, entry {number}" + (f" ({link_id})" if isinstance(link_id, str) else "")
