"""Tell why a signature does not fit. For people who debug an integration; nothing decides on it.

A signature that differs says nothing by itself, so the usual mistakes are undone one by one, alone and
together with another script name or a key written differently, until the signature fits. No key, no expected
signature and no value of a field is ever told: names of fields, names of scripts and places of keys are.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, islice, product
from typing import TYPE_CHECKING, TypeAlias

from .errors import UnreadableMessage
from .forms import read_form
from .mistakes import mistakes
from .signature import SIGNATURE, script_name, verify

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .signature import Field

MAX_TRIALS = 40_000
"""Signatures of a message of USUAL_FIELDS that are tried: about a quarter of a second's worth."""
USUAL_FIELDS = 15

_DIGITS = frozenset("0123456789abcdef")
_SCRIPTS = (
    *("init_payment.php", "init_payment", "payment.php", "payment_page", "any_amount"),
    *("get_status3.php", "get_status2.php", "get_status.php", "status_v2", "refund", "clearing", "cancel"),
    *("result", "check", "paylink_result", "paylink_check", "success", "failure", "index.php", ""),
)


class Cause(StrEnum):
    """The reasons why a signature may differ."""

    FITS = "fits"
    NO_SIGNATURE = "no_signature"
    SEVERAL_SIGNATURES = "several_signatures"
    MALFORMED_SIGNATURE = "malformed_signature"
    SIGNATURE_FORM = "signature_form"
    NO_KEY = "no_key"
    OTHER_KEY = "other_key"
    KEY_WHITE_SPACE = "key_white_space"
    SCRIPT_NAME = "script_name"
    QUERY_FIELDS = "query_fields"
    UNSIGNED_FIELD = "unsigned_field"
    MISSING_EMPTY_FIELD = "missing_empty_field"
    EMPTY_VALUES = "empty_values"
    EXTRA_FIELDS = "extra_fields"
    WHITE_SPACE = "white_space"
    AMOUNT_FORMAT = "amount_format"
    XML_ENTITIES = "xml_entities"
    URL_ENCODING = "url_encoding"
    LINE_ENDS = "line_ends"
    FIELD_ORDER = "field_order"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason, in words that may be shown; `field` is the field's name where it is about one."""

    cause: Cause
    detail: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether the signature fits, and if not, what makes it fit when all the findings are undone together."""

    fits: bool
    findings: tuple[Finding, ...]

    @property
    def text(self) -> str:
        """The findings as one readable text."""
        return "\n".join(finding.detail for finding in self.findings)

    def __str__(self) -> str:
        return self.text


_Findings: TypeAlias = tuple[Finding, ...]
_Message: TypeAlias = "tuple[_Findings, list[Field]]"
_Text: TypeAlias = tuple[_Findings, str]
_UNEXPLAINED = Finding(
    Cause.UNEXPLAINED,
    "No usual mistake explains the signature. Compare the secret key with the one in the merchant's cabinet"
    " (payouts have another one), and see that every field that was received takes part, those of the"
    " address's query and those that nobody knows included.",
)


def explain(script: str, fields: Iterable[Field], secret_keys: Iterable[str]) -> Explanation:
    """Tell why `verify` says what it says of this message.

    `script` may also be the whole address that was called: its query is then tried as fields that were left
    out. The search is bounded by MAX_TRIALS. Raises TypeError or ValueError for fields that are not pairs.
    """
    message = [(name, value) for name, value in fields]
    keys = [key for key in secret_keys if key.strip()]
    name = script_name(script)
    for number, key in enumerate(keys, 1):
        if verify(name, message, [key]):
            return Explanation(fits=True, findings=(Finding(Cause.FITS, f"It fits key number {number}."),))
    broken = _broken(message, keys)
    findings = (broken,) if broken else _search(name, script.partition("?")[2], message, keys)
    return Explanation(fits=False, findings=findings or (_UNEXPLAINED,))


def _broken(message: Sequence[Field], keys: Sequence[str]) -> Finding | None:
    signatures = [value for name, value in message if name == SIGNATURE]
    if not signatures:
        return Finding(Cause.NO_SIGNATURE, "The message has no pg_sig: it is not signed.", SIGNATURE)
    if len(signatures) > 1:
        detail = "The message has pg_sig more than once, so none of them counts."
        return Finding(Cause.SEVERAL_SIGNATURES, detail, SIGNATURE)
    claim = signatures[0].strip().lower() if isinstance(signatures[0], str) else ""
    if len(claim) != 32 or not _DIGITS.issuperset(claim):
        detail = "The value of pg_sig is not 32 hexadecimal digits: it is no signature of this protocol."
        return Finding(Cause.MALFORMED_SIGNATURE, detail, SIGNATURE)
    if not keys:
        return Finding(Cause.NO_KEY, "No key was given, or each is empty: nothing can be verified.")
    return None


def _search(script: str, query: str, message: Sequence[Field], keys: Sequence[str]) -> _Findings:
    tidy = [(name, value.strip().lower() if name == SIGNATURE else value) for name, value in message]  # type: ignore[union-attr]  # _broken saw that it is text
    form: _Findings = ()
    if tidy != list(message):
        form = (Finding(Cause.SIGNATURE_FORM, "pg_sig must be in lower case, without spaces.", SIGNATURE),)
    as_is: list[_Message] = [((), tidy)]
    given: list[_Text] = [((), script)]
    right = list(_keys(keys))
    wrong = list(_mended_keys(keys))
    changed = list(_changed(tidy, query))
    scripts = list(_scripts(script))
    budget = MAX_TRIALS * USUAL_FIELDS // max(USUAL_FIELDS, len(tidy))
    # The fewest changes that make it fit explain it best.
    trials: Iterator[tuple[_Message, _Text, _Text]] = chain(
        product(as_is, given, right),
        product(changed, given, right),
        product(as_is, scripts, right),
        product(as_is, given, wrong),
        product(as_is, scripts, wrong),
        product(changed, given, wrong),
        product(changed, scripts, right),
        product(changed, scripts, wrong),
    )
    for (about_fields, fields), (about_script, name), (about_key, key) in islice(trials, budget):
        if verify(name, fields, [key]):
            return form + about_script + about_fields + about_key
    return ()


def _keys(keys: Sequence[str]) -> Iterator[_Text]:
    for number, key in enumerate(keys, 1):
        if number == 1:
            yield (), key
        else:
            yield (Finding(Cause.OTHER_KEY, f"It is made with key number {number}."),), key


def _mended_keys(keys: Sequence[str]) -> Iterator[_Text]:
    for number, key in enumerate(keys, 1):
        detail = f"White space around key number {number} differs: compare it with the merchant's cabinet."
        for other in (key.strip(), f"{key}\n", f"{key} ", f" {key}", f"{key}\r\n", f"\ufeff{key}"):
            if other != key:
                yield (Finding(Cause.KEY_WHITE_SPACE, detail),), other


def _scripts(given: str) -> Iterator[_Text]:
    stem = given.removesuffix(".php")
    for name in dict.fromkeys((stem, f"{stem}.php", given.lower(), *_SCRIPTS)):
        if name != given:
            detail = f"The script name is {name!r}, not {given!r}: it is the last part of the address called."
            yield (Finding(Cause.SCRIPT_NAME, detail),), name


def _changed(message: Sequence[Field], query: str) -> Iterator[_Message]:
    try:
        present = {name for name, _ in message}
        added = [field for field in read_form(query.encode()) if field[0] not in present]
    except (UnreadableMessage, UnicodeEncodeError):
        added = []
    if added:
        detail = "The fields of the address's query are signed too: add them to the message."
        yield (Finding(Cause.QUERY_FIELDS, detail),), [*message, *added]
    for mistake in mistakes(message):
        yield (Finding(Cause(mistake.cause), mistake.detail, mistake.field),), mistake.undone
