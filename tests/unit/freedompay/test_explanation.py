"""Why a signature does not fit: each usual mistake is named, and nothing secret is."""

import pytest

from paylink.freedompay.explanation import Cause, explain
from paylink.freedompay.signature import sign, signed

KEY = "the-recognisable-secret-key"
FIELDS = [
    ("pg_order_id", "7"),
    ("pg_amount", "20.00"),
    ("pg_description", "Tea & cake"),
    ("client_name", "Aya Nur"),
    ("pg_salt", "abc"),
]
SIGNED = signed("result", FIELDS, KEY)


def _with(name: str, value: object) -> list:
    return [(found, value if found == name else old) for found, old in SIGNED]


def _signed_differently(fields: list) -> list:
    return [*SIGNED[:-1], ("pg_sig", sign("result", fields, KEY))]


def _signed_with_names(names: list[str]) -> list:
    renamed = [(name, value) for name, (_, value) in zip(names, FIELDS, strict=True)]
    return _signed_differently(renamed)


CASES = [
    pytest.param("result", SIGNED, [KEY], [Cause.FITS], id="fits"),
    pytest.param("result", SIGNED, ["new-key", KEY], [Cause.FITS], id="fits a former key"),
    pytest.param("result", FIELDS, [KEY], [Cause.NO_SIGNATURE], id="no signature"),
    pytest.param("result", [*SIGNED, SIGNED[-1]], [KEY], [Cause.SEVERAL_SIGNATURES], id="two signatures"),
    pytest.param("result", _with("pg_sig", "nonsense"), [KEY], [Cause.MALFORMED_SIGNATURE], id="malformed"),
    pytest.param("result", _with("pg_sig", (("a", "b"),)), [KEY], [Cause.MALFORMED_SIGNATURE], id="nested"),
    pytest.param("result", SIGNED, [], [Cause.NO_KEY], id="no key"),
    pytest.param("result", SIGNED, [" "], [Cause.NO_KEY], id="blank key"),
    pytest.param(
        "result", _with("pg_sig", SIGNED[-1][1].upper()), [KEY], [Cause.SIGNATURE_FORM], id="upper case"
    ),
    pytest.param("check", SIGNED, [KEY], [Cause.SCRIPT_NAME], id="script name"),
    pytest.param("result.php", SIGNED, [KEY], [Cause.SCRIPT_NAME], id="script name with ending"),
    pytest.param("https://shop/a/", SIGNED, [KEY], [Cause.SCRIPT_NAME], id="script name of a slash"),
    pytest.param("result", SIGNED, [f" {KEY}\n"], [Cause.KEY_WHITE_SPACE], id="key with white space"),
    pytest.param("check", SIGNED, ["x", f"{KEY} "], [Cause.SCRIPT_NAME, Cause.KEY_WHITE_SPACE], id="both"),
    pytest.param("result", [*SIGNED, ("x", "1")], [KEY], [Cause.UNSIGNED_FIELD], id="unsigned field"),
    pytest.param(
        "https://shop/result?x=1",
        [field for field in signed("result", [*FIELDS, ("x", "1")], KEY) if field[0] != "x"],
        [KEY],
        [Cause.QUERY_FIELDS],
        id="query left out",
    ),
    pytest.param(
        "result",
        _signed_differently([*FIELDS, ("pg_card_owner", "")]),
        [KEY],
        [Cause.MISSING_EMPTY_FIELD],
        id="empty field left out",
    ),
    pytest.param(
        "result",
        [*SIGNED, ("pg_a", ""), ("pg_z", "")],
        [KEY],
        [Cause.EMPTY_VALUES],
        id="empty fields added",
    ),
    pytest.param(
        "result",
        [*_signed_differently([field for field in FIELDS if field[0].startswith("pg_")]), ("m_a", "1")],
        [KEY],
        [Cause.EXTRA_FIELDS],
        id="only pg_ signed",
    ),
    pytest.param("result", _with("pg_amount", "20"), [KEY], [Cause.AMOUNT_FORMAT], id="20 for 20.00"),
    pytest.param("result", _with("pg_amount", "20.0"), [KEY], [Cause.AMOUNT_FORMAT], id="20.0 for 20.00"),
    pytest.param(
        "result",
        [*signed("result", [("pg_amount", "20")], KEY)[1:], ("pg_amount", "20.00")],
        [KEY],
        [Cause.AMOUNT_FORMAT],
        id="20.00 for 20",
    ),
    pytest.param("result", _with("client_name", " Aya Nur"), [KEY], [Cause.WHITE_SPACE], id="space added"),
    pytest.param(
        "result",
        [("a", "x") if field[0] == "a" else field for field in signed("result", [("a", "x ")], KEY)],
        [KEY],
        [Cause.WHITE_SPACE],
        id="space trimmed",
    ),
    pytest.param(
        "result",
        [("a", "x"), ("b", "y"), ("pg_sig", sign("result", [("a", "x "), ("b", "y ")], KEY))],
        [KEY],
        [Cause.WHITE_SPACE],
        id="space trimmed everywhere",
    ),
    pytest.param(
        "result", _with("pg_description", "Tea &amp; cake"), [KEY], [Cause.XML_ENTITIES], id="XML not decoded"
    ),
    pytest.param(
        "result", _with("client_name", "Aya+Nur"), [KEY], [Cause.URL_ENCODING], id="URL not decoded"
    ),
    pytest.param(
        "result",
        [("a", "x\ny") if field[0] == "a" else field for field in signed("result", [("a", "x\r\ny")], KEY)],
        [KEY],
        [Cause.LINE_ENDS],
        id="line ends",
    ),
    pytest.param(
        "result",
        _signed_with_names(["1", "2", "3", "4", "5"]),
        [KEY],
        [Cause.FIELD_ORDER],
        id="signed unsorted",
    ),
    pytest.param(
        "check", _with("pg_amount", "20"), [KEY], [Cause.SCRIPT_NAME, Cause.AMOUNT_FORMAT], id="two mistakes"
    ),
    pytest.param(
        "check",
        _with("pg_amount", "20"),
        ["x", f"{KEY}\n"],
        [Cause.SCRIPT_NAME, Cause.AMOUNT_FORMAT, Cause.KEY_WHITE_SPACE],
        id="three mistakes",
    ),
    pytest.param("result", SIGNED, ["quite-another"], [Cause.UNEXPLAINED], id="unexplained"),
    pytest.param("check", _with("pg_amount", "20"), ["x", KEY], None, id="two mistakes and a former key"),
]


@pytest.mark.parametrize(("script", "fields", "keys", "causes"), CASES)
def test_each_mistake_is_named(script, fields, keys, causes):
    explanation = explain(script, fields, keys)
    found = [finding.cause for finding in explanation.findings]
    if causes is None:
        causes = [Cause.SCRIPT_NAME, Cause.AMOUNT_FORMAT, Cause.OTHER_KEY]
    assert found == causes
    assert explanation.fits == (causes == [Cause.FITS])
    assert all(finding.detail in explanation.text for finding in explanation.findings)


@pytest.mark.parametrize(("script", "fields", "keys", "causes"), CASES)
def test_no_key_no_signature_and_no_value_is_told(script, fields, keys, causes):
    explanation = explain(script, fields, keys)
    told = f"{explanation!r} {explanation}"
    for secret in (KEY, "quite-another", SIGNED[-1][1], "Aya", "Tea", "20.00"):
        assert secret not in told


def test_the_field_is_named():
    (finding,) = explain("result", _with("pg_amount", "20"), [KEY]).findings
    assert finding.field == "pg_amount"
    assert "pg_amount" in finding.detail


def test_nested_lists_signed_as_plain_strings_are_explained():
    items = [("pg_receipt_positions", (("name", f"item {number}"),)) for number in range(11)]
    plain = [(f"pg_receipt_positions[{number}][name]", f"item {number}") for number in range(11)]
    received = [*items, ("pg_sig", sign("result", plain, KEY))]
    assert [finding.cause for finding in explain("result", received, [KEY]).findings] == [Cause.FIELD_ORDER]


def test_a_hostile_name_is_shown_harmless():
    name = "x\x1b[31m" + "y" * 100
    (finding,) = explain("result", [*SIGNED, (name, "1")], [KEY]).findings
    assert "\x1b" not in finding.detail
    assert len(finding.detail) < 200


def test_the_search_is_bounded():
    fields = [(f"name_{number}", "20.00 & x") for number in range(199)]
    received = [*fields, ("pg_sig", "0" * 32)]
    keys = [f"key-{number}" for number in range(20)]
    assert [finding.cause for finding in explain("result", received, keys).findings] == [Cause.UNEXPLAINED]
