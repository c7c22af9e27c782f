"""The table of documented codes: complete, one class each, advice as the callers rely on it."""

import pickle

import pytest

from paylink.freedompay import errors
from paylink.freedompay.codes import CODES, PAYMENT_EXPIRED
from paylink.freedompay.errors import ERRORS, Advice, GatewayError, gateway_error
from paylink.freedompay.lint import lint

REFUSED = {110, 120, 200, 700, 701, 711, 850, 8016, 9992, 9993, 9994, 9995, 9996, 9997}
MISCONFIGURED = {100, 101, 1100, 9998}
NOT_FOUND = {340, 4002, 11068}
REQUEST_CODES = {
    *(
        100,
        101,
        110,
        120,
        200,
        340,
        350,
        360,
        365,
        400,
        420,
        465,
        466,
        470,
        475,
        490,
        600,
        700,
        701,
        711,
        850,
    ),
    *(1000, 1100, 8016, 8888, 8889, 9403, *range(9992, 10001), 11068, 99999, *range(4001, 4008)),
}
DECLINE_CODES = {
    *(
        10009,
        11006,
        8888,
        100091,
        100094,
        10007,
        10010,
        10024,
        10038,
        10039,
        10045,
        11011,
        11012,
        11024,
        11028,
    ),
    *(11036, 13713, 100101, 100384, 100403, 10005, 10008, 10031, 10032, 11004, 11050, 11062, 11063, 11065),
    *(100056, 110501, 10017, 9901, 100171, 10004, 8889, 10042, 11037, 11053, 110100, 10006, 11027, 11051),
    *(100066, 100228, 1000661, 1000669, 10003, 11002, 11007, 11008, 11010, 10001, 101156, 999993, 10013),
    *(11055, 11016, 10012, 10014, 10015, 10016, 10018, 10020, 10021, 10025, 10026, 10028, 10029, 10030),
    *(11000, 11001, 11009),
}


def _codes(advice: Advice) -> set[int]:
    return {code.number for code in CODES.values() if code.advice is advice}


def test_every_documented_code_has_a_row_and_no_other():
    assert set(CODES) == REQUEST_CODES | DECLINE_CODES


def test_advice_that_callers_rely_on():
    assert _codes(Advice.REFUSED) == REFUSED
    assert _codes(Advice.MISCONFIGURED) == MISCONFIGURED
    assert _codes(Advice.NOT_FOUND) == NOT_FOUND
    assert _codes(Advice.DECLINED) >= DECLINE_CODES


@pytest.mark.parametrize("number", CODES)
def test_one_class_for_each_code(number):
    error = gateway_error(number, "what the gateway said", http_status=401, signed=True)
    row = CODES[number]
    assert type(error) is ERRORS[number]
    assert (type(error).code, error.code) == (number, number)
    assert (error.meaning, error.advice) == (row.meaning, row.advice)
    assert (error.description, error.http_status, error.signed) == ("what the gateway said", 401, True)
    assert getattr(errors, type(error).__name__) is type(error)
    assert type(error).__doc__
    assert str(number) in str(error)


def test_classes_and_rows_are_the_same_set():
    assert {subclass.code for subclass in GatewayError.__subclasses__()} == set(CODES)
    assert len({error.__name__ for error in ERRORS.values()}) == len(CODES)


def test_a_code_without_a_row_is_unknown():
    error = gateway_error(31337, "?")
    assert type(error) is GatewayError
    assert error.code == 31337
    assert error.advice is Advice.UNKNOWN
    assert str(error) == "gateway error 31337: an error that is not documented (?)"


def test_a_description_is_cut_and_cannot_break_a_log_line():
    error = gateway_error(200, "a\r\nforged line\x1b[31m" + "x" * 1000)
    assert "\n" not in str(error)
    assert "\x1b" not in str(error)
    assert len(error.description) == errors.MAX_DESCRIPTION


def test_expiry_has_its_own_name():
    assert PAYMENT_EXPIRED == 101
    assert CODES[101].advice is Advice.MISCONFIGURED


@pytest.mark.parametrize(
    "error",
    [
        gateway_error(11068, "gone", http_status=404),
        gateway_error(31337, "?"),
        errors.UnreadableAnswer("why", 502),
        errors.AmbiguousMessage(lint([("a;", "b;")])),
        errors.NotReached("why"),
    ],
)
def test_errors_survive_pickling(error):
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  made two lines above
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert copy.__dict__ == error.__dict__


def test_the_tree():
    unclear = {errors.NotReached, errors.NoAnswer, errors.UnreadableAnswer, errors.ForgedAnswer}
    assert set(errors.GatewayUnclear.__subclasses__()) == unclear
    for error in (errors.AmbiguousMessage, errors.UnreadableMessage, GatewayError, errors.GatewayUnclear):
        assert issubclass(error, errors.FreedomPayError)
