"""Signatures over any message: what was signed verifies, what was changed does not, and nothing raises."""

import hashlib
import operator

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from paylink.freedompay.explanation import explain
from paylink.freedompay.lint import lint
from paylink.freedompay.signature import sign, signed, verify

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
KEYS = TEXT.filter(str.strip)
NAMES = st.one_of(
    st.sampled_from(["pg_order_id", "pg_amount", "client_name", "session_token", "Z", "pg_param1"]), TEXT
).filter(lambda name: name not in {"pg_sig", "pg_salt"})
VALUES = st.recursive(TEXT, lambda inner: st.lists(st.tuples(NAMES, inner), max_size=4), max_leaves=8)
FIELDS = st.lists(st.tuples(NAMES, VALUES), max_size=8)
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)
# Names that the provider's reference and the plain rule order alike: none is another plus a digit or a mark.
PLAIN_NAMES = st.text("abcxyzABC_", min_size=1, max_size=3)


def _flattened(fields: list, parent: str = "") -> dict[str, str]:
    """The provider's way: each name with the parent's before and its place of three digits behind."""
    flat: dict[str, str] = {}
    for place, (name, value) in enumerate(fields, 1):
        if name == "pg_sig":
            continue
        full = f"{parent}{name}{place:03d}"
        if isinstance(value, str):
            flat[full] = value
        else:
            flat.update(_flattened(value, full))
    return flat


def _reference_signature(script: str, fields: list, key: str) -> str:
    ordered = sorted(_flattened(fields).items(), key=lambda item: item[0].encode())
    text = ";".join([script, *(value for _, value in ordered), key])
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _leaves(fields: list, path: tuple[int, ...] = ()) -> list[tuple[int, ...]]:
    found = []
    for position, (_, value) in enumerate(fields):
        here = (*path, position)
        found += [here] if isinstance(value, str) else _leaves(value, here)
    return found


def _with_leaf(fields: list, path: tuple[int, ...], text: str) -> list:
    position, *rest = path
    name, value = fields[position]
    changed = text if not rest else _with_leaf(value, tuple(rest), text)
    return [*fields[:position], (name, changed), *fields[position + 1 :]]


@given(TEXT, FIELDS, KEYS, st.lists(TEXT, max_size=3))
def test_what_was_signed_verifies_among_any_keys(script, fields, key, others):
    message = signed(script, fields, key)
    assert verify(script, message, [*others, key])
    assert verify(script, message, [key, *others])
    assert verify(script, list(reversed([*message[-2:]])) + message[:-2], [key])


@given(TEXT, FIELDS, KEYS, KEYS)
def test_another_key_does_not_fit(script, fields, key, other):
    # Text before a key may stand in the message as well: the protocol joins them with nothing but ";".
    assume(not other.endswith(key) and not key.endswith(other))
    assert not verify(script, signed(script, fields, key), [other])


@given(TEXT, TEXT, FIELDS, KEYS)
def test_another_script_does_not_fit(script, other, fields, key):
    assume(script != other and ";" not in script and ";" not in other)
    assert not verify(other, signed(script, fields, key), [key])


@given(TEXT, FIELDS, KEYS, TEXT, st.data())
def test_any_changed_value_is_noticed(script, fields, key, text, data):
    message = signed(script, fields, key)
    unsigned = message[:-1]
    path = data.draw(st.sampled_from(_leaves(unsigned)))
    changed = _with_leaf(unsigned, path, text)
    assume(changed != unsigned)
    # A changed text is a changed signature; only a ";" could give another message the same text.
    if ";" not in text:
        assert not verify(script, [*changed, message[-1]], [key])


@given(FIELDS, KEYS, st.data())
def test_a_field_that_is_left_out_or_added_is_noticed(fields, key, data):
    message = signed("result", fields, key)
    position = data.draw(st.integers(0, len(message) - 2))
    left_out = message[:position] + message[position + 1 :]
    holds_text = bool(_leaves([message[position]]))
    assert verify("result", left_out, [key]) is not holds_text
    added = [*message, (data.draw(NAMES), data.draw(TEXT))]
    assert not verify("result", added, [key])


@given(FIELDS, KEYS)
def test_siblings_of_different_names_may_come_in_any_order(fields, key):
    once = list({name: (name, value) for name, value in fields}.values())
    assert sign("s", once, key) == sign("s", list(reversed(once)), key)


@given(
    TEXT,
    st.lists(
        st.tuples(
            PLAIN_NAMES,
            st.recursive(
                TEXT,
                lambda inner: st.lists(st.tuples(PLAIN_NAMES, inner), min_size=1, max_size=4),
                max_leaves=10,
            ),
        ),
        max_size=12,
    ),
    KEYS,
)
def test_the_providers_flattening_gives_the_same_signature(script, fields, key):
    assert sign(script, fields, key) == _reference_signature(script, fields, key)


@given(st.lists(st.tuples(NAMES | PLAIN_NAMES, TEXT), max_size=10), KEYS)
def test_what_the_lint_lets_through_is_signed_alike_by_the_reference(fields, key):
    clean = list({name: (name, value) for name, value in fields if not lint([(name, value)])}.values())
    assert lint(clean) == []
    assert sign("s", clean, key) == _reference_signature("s", clean, key)


@given(JUNK, JUNK, JUNK)
def test_verify_is_total(script, fields, keys):
    assert verify(script, fields, keys) is False


@given(st.lists(st.tuples(st.sampled_from(["pg_sig", "a"]), JUNK), max_size=4), st.lists(KEYS, max_size=2))
def test_verify_is_total_over_junk_in_fields(fields, keys):
    assert verify("s", fields, keys) is False


@given(FIELDS, st.sampled_from(["", " ", "\t", "\n "]))
def test_an_empty_key_matches_nothing(fields, empty):
    signature = _reference_signature("s", sorted(fields, key=operator.itemgetter(0)), empty)
    assert verify("s", [*fields, ("pg_sig", signature)], [empty]) is False
    with pytest.raises(ValueError, match="empty"):
        sign("s", fields, empty)


@given(
    FIELDS,
    KEYS.filter(lambda key: len(key) > 5),
    st.lists(KEYS.filter(lambda key: len(key) > 5), max_size=2),
    st.booleans(),
)
def test_an_explanation_tells_no_key_and_no_signature(fields, key, others, fits):
    message = signed("result", fields, key)
    names = " ".join(repr(field) for field in fields)
    assume(key not in names)
    explanation = explain("result" if fits else "check", message, [*others, key])
    told = f"{explanation!r} {explanation}"
    assert message[-1][1] not in told
    assert sign("check", message, key) not in told
    assert key not in told.replace("key number", "")
