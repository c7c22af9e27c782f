"""How the merchant's secret changes, without any AWS."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paylink.domain.clock import to_text
from paylink.domain.credentials import parse_merchant_secret
from paylink_cli.merchant_document import OVERLAP, fingerprint, read_document, with_former_of, with_key

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
OLD, TYPO, NEW = "the-real-old-key-1", "the-raal-new-key-2", "the-real-new-key-2"
HOUR = timedelta(hours=1)
MOMENT = timedelta(milliseconds=1)


def verifying(document: dict, now: datetime) -> tuple[str, ...]:
    return parse_merchant_secret(document).verifying(now)


def test_first_key_has_no_former_one() -> None:
    assert with_key(None, "500001", OLD, NOW) == {"merchant_id": "500001", "secret_key": OLD, "previous": []}


def test_former_key_verifies_for_a_day_and_not_longer() -> None:
    document = with_key(with_key(None, "500001", OLD, NOW), "500001", NEW, NOW)
    assert verifying(document, NOW + OVERLAP - MOMENT) == (NEW, OLD)
    assert verifying(document, NOW + OVERLAP) == (NEW,)


def test_a_typo_and_its_correction_lose_nothing() -> None:
    document = with_key(None, "500001", OLD, NOW)
    document = with_key(document, "500001", TYPO, NOW + HOUR)
    document = with_key(document, "500001", NEW, NOW + 2 * HOUR)
    assert set(verifying(document, NOW + 2 * HOUR)) == {NEW, TYPO, OLD}
    assert set(verifying(document, NOW + HOUR + OVERLAP)) == {NEW, TYPO}
    assert verifying(document, NOW + 2 * HOUR + OVERLAP) == (NEW,)


def test_going_back_makes_the_former_key_the_signing_one_and_keeps_the_other() -> None:
    document = with_key(with_key(with_key(None, "500001", OLD, NOW), "500001", TYPO, NOW), "500001", OLD, NOW)
    assert verifying(document, NOW) == (OLD, TYPO)
    again = with_key(document, "500001", NEW, NOW + HOUR)
    assert [entry["secret_key"] for entry in again["previous"]] == [OLD, TYPO]


def test_entries_whose_time_passed_or_that_are_no_keys_are_dropped() -> None:
    previous = [
        {"secret_key": "long-gone-key-1", "accept_until": to_text(NOW)},
        {"secret_key": "changeme", "accept_until": to_text(NOW + HOUR)},
        {"secret_key": "untimed-key-123", "accept_until": "soon"},
        "no entry",
    ]
    document = with_key({"merchant_id": "1", "secret_key": OLD, "previous": previous}, "1", NEW, NOW)
    assert [entry["secret_key"] for entry in document["previous"]] == [OLD]


def test_the_latest_time_of_a_key_that_stands_twice_counts() -> None:
    previous = [
        {"secret_key": OLD, "accept_until": to_text(NOW + HOUR)},
        {"secret_key": OLD, "accept_until": to_text(NOW + 3 * HOUR)},
        {"secret_key": OLD, "accept_until": to_text(NOW + 2 * HOUR)},
    ]
    document = with_key({"secret_key": TYPO, "previous": previous}, "1", NEW, NOW)
    assert document["previous"][1] == {"secret_key": OLD, "accept_until": to_text(NOW + 3 * HOUR)}


def test_a_placeholder_is_not_kept_but_what_was_former_is() -> None:
    known = {"secret_key": "changeme", "previous": [{"secret_key": OLD, "accept_until": to_text(NOW + HOUR)}]}
    assert verifying(with_key(known, "1", NEW, NOW), NOW) == (NEW, OLD)


def test_forgetting_keeps_none() -> None:
    document = with_key(with_key(None, "1", OLD, NOW), "1", TYPO, NOW)
    assert verifying(with_key(document, "1", NEW, NOW, keep=False), NOW) == (NEW,)


def test_what_else_stands_there_is_kept() -> None:
    assert with_key({"note": "ours"}, "1", NEW, NOW)["note"] == "ours"


def test_keys_of_a_change_made_meanwhile_are_taken_in() -> None:
    base = with_key(None, "1", OLD, NOW)
    mine, theirs = with_key(base, "1", NEW, NOW), with_key(base, "1", TYPO, NOW + MOMENT)
    merged = with_former_of(mine, theirs, NOW + MOMENT)
    assert merged["secret_key"] == NEW
    assert set(verifying(merged, NOW + OVERLAP - MOMENT)) == {NEW, OLD, TYPO}


@pytest.mark.parametrize("text", [None, "", "no json", "[]", '"text"'])
def test_what_is_no_document_is_none(text: str | None) -> None:
    assert read_document(text) is None


def test_a_document_is_read() -> None:
    assert read_document(json.dumps({"merchant_id": "1"})) == {"merchant_id": "1"}


def test_the_fingerprint_is_short_and_tells_secrets_and_keys_apart() -> None:
    marks = {fingerprint(secret, key) for secret in ("arn:a", "arn:b") for key in (OLD, NEW)}
    assert len(marks) == 4
    assert all(re.fullmatch(r"[0-9a-f]{4}-[0-9a-f]{4}", mark) for mark in marks)
    assert fingerprint("arn:a", OLD) == fingerprint("arn:a", OLD)


KEYS = st.sampled_from([f"a-made-up-key-{number}" for number in range(5)])


@given(st.lists(st.tuples(KEYS, st.integers(0, 30 * 60)), min_size=1, max_size=12))
def test_every_key_that_signed_within_a_day_verifies_and_no_other(steps: list[tuple[str, int]]) -> None:
    document, now = None, NOW
    signed_until: dict[str, datetime] = {}
    present = ""
    for key, minutes in steps:
        now += timedelta(minutes=minutes)
        if present:
            signed_until[present] = now
        document = with_key(document, "500001", key, now)
        present = key
    expected = {key for key, until in signed_until.items() if now < until + OVERLAP} | {present}
    keys = parse_merchant_secret(document)
    assert keys.secret_key == present
    assert set(keys.verifying(now)) == expected
