"""The test of the test: defences taken away one by one. Without any of them the walk has to fail."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from paylink.app import gateway_callback, notice_fields, one_reading
from paylink.freedompay.messages import read_request
from paylink.freedompay.signature import Field, covered

Break = Callable[[pytest.MonkeyPatch], None]


def _digests(script: str, fields: Iterable[Field], keys: Iterable[str]) -> tuple[str, set[str]]:
    fields = list(fields)
    claim = next((str(value) for name, value in fields if name == "pg_sig"), "-")
    text = ";".join([script, *(one for _, one in covered(fields))])
    return claim, {hashlib.md5(f"{text};{key}".encode()).hexdigest() for key in keys}  # noqa: S324


def _verify(patch: pytest.MonkeyPatch, fits: Callable[[str, str], bool], **how: Any) -> None:
    prepared = how.get("prepared", lambda fields: fields)

    def verify(script: str, fields: Iterable[Field], keys: Iterable[str]) -> bool:
        claim, digests = _digests(how.get("script", script), prepared(list(fields)), keys)
        return any(fits(claim, digest) for digest in digests)

    patch.setattr(gateway_callback, "verify", verify)


def prefix_compared(patch: pytest.MonkeyPatch) -> None:
    _verify(patch, lambda claim, digest: claim[:8] == digest[:8])


def capitals_taken(patch: pytest.MonkeyPatch) -> None:
    _verify(patch, lambda claim, digest: claim.lower() == digest)


def values_trimmed(patch: pytest.MonkeyPatch) -> None:
    def trimmed(fields: list[Field]) -> list[Field]:
        return [(name, value.strip() if isinstance(value, str) else value) for name, value in fields]

    _verify(patch, str.__eq__, prepared=trimmed)


def unknown_fields_left_out(patch: pytest.MonkeyPatch) -> None:
    known = re.compile(r"pg_(?!new|amount2|resultat)|m_(?!more)")
    _verify(patch, str.__eq__, prepared=lambda fields: [field for field in fields if known.match(field[0])])


def script_not_signed(patch: pytest.MonkeyPatch) -> None:
    _verify(patch, str.__eq__, script=gateway_callback.RESULT)


def query_merged(patch: pytest.MonkeyPatch) -> None:
    def merged(method: str, query: str, content_type: str | None, body: bytes) -> list[Field]:
        fields = read_request(method, query, content_type, body)
        return fields if method == "GET" or not query else [*fields, *read_request("GET", query, None, b"")]

    patch.setattr(gateway_callback, "read_request", merged)


def readings_unchecked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(gateway_callback, "one_reading", lambda *_: one_reading.Reading(payment_in_place=True))


def formats_dropped(patch: pytest.MonkeyPatch) -> None:
    readings_unchecked(patch)
    patch.setattr(notice_fields, "_PAYMENT_ID", re.compile(r"[^;]{1,20}"))
    patch.setattr(notice_fields, "_ID", re.compile(r"(?s).{1,500}"))


BREAKS: Mapping[str, Break] = {
    "only the signature's first letters are compared": prefix_compared,
    "a signature in capitals is taken": capitals_taken,
    "values are trimmed before they are verified": values_trimmed,
    "unknown fields are left out of the signature": unknown_fields_left_out,
    "the script is not part of the signature": script_not_signed,
    "the query is merged into the body": query_merged,
    "other readings of a message are not looked for": readings_unchecked,
    "the formats of ids are not checked": formats_dropped,
}
