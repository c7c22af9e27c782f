"""The lint: what may be read in two ways is refused, each with a line on what to change."""

from decimal import Decimal

import pytest

from paylink.freedompay.errors import AmbiguousMessage
from paylink.freedompay.lint import MAX_RECEIPT_POSITIONS, Problem, check, lint

GOOD = [
    ("pg_merchant_id", "123456"),
    ("pg_order_id", "pl_abc"),
    ("pg_amount", "1500.00"),
    ("pg_currency", "KZT"),
    ("pg_description", "Кофе, две пачки"),
    ("pg_param1", "one"),
    ("pg_3ds_challenge", "0"),
    ("pg_result_url", "https://shop.example/callbacks/paylink_result?a=1&b=2"),
    ("m_delivery_note", "third floor"),
    ("pg_receipt_positions", (("count", "1"), ("name", "Coffee"), ("price", "1500"), ("GTIN", "1"))),
]


def _position(number: int) -> tuple:
    return ("pg_receipt_positions", (("count", "1"), ("name", f"item {number}"), ("price", "10.5")))


def test_a_plain_message_is_clean():
    assert lint(GOOD) == []
    check(iter(GOOD))


def test_ten_positions_and_marks_are_clean():
    marks = (("name", "x"), ("mark_list", "a"), ("mark_list", "b"))
    positions = [_position(number) for number in range(MAX_RECEIPT_POSITIONS - 1)]
    assert lint([*positions, ("pg_receipt_positions", marks)]) == []


CASES = [
    (("pg_order_id", "a;b"), Problem.SEPARATOR),
    (("pg_idempotency_key", "a;b"), Problem.SEPARATOR),
    (("m_note", "a;b"), Problem.SEPARATOR),
    (("pg_description", "tea; cake"), Problem.SEPARATOR),
    (("pg_success_url", "https://shop.example/a;b"), Problem.SEPARATOR),
    (("pg_user_id", ""), Problem.EMPTY),
    (("m_note", ""), Problem.EMPTY),
    (("pg_receipt_positions", ()), Problem.EMPTY),
    (("pg_amount", 20), Problem.NOT_TEXT),
    (("pg_amount", 20.0), Problem.NOT_TEXT),
    (("pg_amount", Decimal("20.00")), Problem.NOT_TEXT),
    (("pg_testing_mode", True), Problem.NOT_TEXT),
    (("pg_user_id", None), Problem.NOT_TEXT),
    (("pg_user_id", b"x"), Problem.NOT_TEXT),
    (("pg_template_params", {"a": "b"}), Problem.NOT_TEXT),
    (("pg_amount", "1e3"), Problem.AMOUNT_FORMAT),
    (("pg_amount", "20.000"), Problem.AMOUNT_FORMAT),
    (("pg_amount", "20,00"), Problem.AMOUNT_FORMAT),
    (("pg_amount", "-20"), Problem.AMOUNT_FORMAT),
    (("pg_amount", "020"), Problem.AMOUNT_FORMAT),
    (("pg_amount", "٢٠"), Problem.AMOUNT_FORMAT),
    (("pg_amount", "20."), Problem.AMOUNT_FORMAT),
    (("m_note", "a\nb"), Problem.CONTROL_CHARACTER),
    (("m_note", "a\x00b"), Problem.CONTROL_CHARACTER),
    (("m_note", "a\x7fb"), Problem.CONTROL_CHARACTER),
    (("m_note", "a\u2028b"), Problem.CONTROL_CHARACTER),
    (("m_note", "\t"), Problem.CONTROL_CHARACTER),
    (("m_note", "\ud800"), Problem.NOT_UTF8),
    (("m_note", " a"), Problem.OUTER_SPACE),
    (("pg_description", "a "), Problem.OUTER_SPACE),
    (("m_note1", "a"), Problem.EXTRA_NAME),
    (("m-note", "a"), Problem.EXTRA_NAME),
    (("m.note", "a"), Problem.EXTRA_NAME),
    (("m note", "a"), Problem.EXTRA_NAME),
    (("m[note]", "a"), Problem.EXTRA_NAME),
    (("имя", "a"), Problem.EXTRA_NAME),
    (("", "a"), Problem.EXTRA_NAME),
    (("pg_ammount", "20"), Problem.UNKNOWN_NAME),
    (("pg_", "20"), Problem.UNKNOWN_NAME),
    (("PG_AMOUNT", "20"), Problem.UNKNOWN_NAME),
    (("pg_param10", "20"), Problem.UNKNOWN_NAME),
    ((5, "a"), Problem.NOT_TEXT),
    (("pg_receipt_positions", (("count-1", "1"),)), Problem.NESTED_NAME),
    (("pg_receipt_positions", ((5, "1"),)), Problem.NESTED_NAME),
    (("pg_receipt_positions", (("name", "a;b"),)), Problem.SEPARATOR),
    (("pg_receipt_positions", (("name", ""),)), Problem.EMPTY),
    (("pg_receipt_positions", (("price", "1.5e2"),)), Problem.AMOUNT_FORMAT),
    (("pg_receipt_positions", (("price", 1.5),)), Problem.NOT_TEXT),
    (("pg_receipt_positions", (("name", "a"), ("name", "b"))), Problem.REPEATED_NAME),
]


@pytest.mark.parametrize(
    ("field", "problem"), CASES, ids=[f"{problem}: {field!a}" for field, problem in CASES]
)
def test_each_ambiguity_is_found_and_nothing_else(field, problem):
    findings = lint([field])
    assert [finding.problem for finding in findings] == [problem]
    assert findings[0].advice
    with pytest.raises(AmbiguousMessage) as caught:
        check([*GOOD[:1], field])
    assert caught.value.findings == tuple(findings)
    assert findings[0].advice in str(caught.value)


def test_repeated_names_are_found_once():
    findings = lint([("m_a", "1"), ("pg_order_id", "1"), ("m_a", "2"), ("m_a", "3")])
    assert [(finding.field, finding.problem) for finding in findings] == [("m_a", Problem.REPEATED_NAME)]
    assert "3 times" in findings[0].advice


def test_more_positions_than_can_be_ordered():
    findings = lint([_position(number) for number in range(MAX_RECEIPT_POSITIONS + 1)])
    assert [finding.problem for finding in findings] == [Problem.TOO_MANY_POSITIONS]


def test_nesting_too_deep_for_a_form():
    value = "x"
    for _ in range(1000):
        value = (("a", value),)
    assert [finding.problem for finding in lint([("pg_template_params", value)])] == [Problem.TOO_DEEP]


def test_several_problems_are_told_together():
    findings = lint([("pg_order_id", "a;b "), ("pg_amount", ""), ("x-y", 1.0)])
    assert {finding.problem for finding in findings} == {
        Problem.SEPARATOR,
        Problem.OUTER_SPACE,
        Problem.EMPTY,
        Problem.EXTRA_NAME,
        Problem.NOT_TEXT,
    }


def test_a_caller_may_answer_for_newer_names():
    assert lint([("pg_brand_new", "1")], also_known={"pg_brand_new"}) == []
    check([("pg_brand_new", "1")], also_known={"pg_brand_new"})


def test_no_value_is_part_of_a_finding():
    with pytest.raises(AmbiguousMessage) as caught:
        check([("pg_user_phone", "77771234567;"), ("m_name", "Aya Nur\n"), ("pg_amount", 7654321.5)])
    told = f"{caught.value} {caught.value!r}"
    assert "7777" not in told
    assert "Aya" not in told
    assert "7654321" not in told


def test_a_hostile_name_is_shown_harmless():
    (finding,) = lint([("x\x1b[2J" + "y" * 1000, "1")])
    assert "\x1b" not in str(finding)
    assert len(finding.field) <= 60
