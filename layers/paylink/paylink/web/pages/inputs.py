"""The fields of the form: a label, a hint, what is wrong, and the control, tied to each other."""

from dataclasses import dataclass
from typing import Final, LiteralString

from paylink.web.pages.markup import NOTHING, Html, html, join
from paylink.web.pages.texts import Texts


@dataclass(frozen=True, slots=True)
class Field:
    """One field as it is shown. `attributes` are the control's own."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    fault: str = ""
    required: bool = True
    longest: int = 255
    attributes: Html = NOTHING
    is_long: bool = False


BUYER_ATTRIBUTES: Final[dict[str, Html]] = {
    "name": html('autocomplete="name"'),
    "phone": html('type="tel" inputmode="tel" autocomplete="tel"'),
    "email": html('type="email" inputmode="email" autocomplete="email" spellcheck="false"'),
    "address": html('autocomplete="street-address" rows="2"'),
    "comment": html('rows="2"'),
}
"""What a browser needs to know of each thing that a buyer is asked for, to fill it in."""

LONG: Final = frozenset({"address", "comment"})
"""What may have lines, and gets a box of its own."""

_LINE: LiteralString = (
    '<input id="{name}" name="{name}" value="{value}" maxlength="{longest}" {attributes}{tied}>'
)
_BOX: LiteralString = (
    '<textarea id="{name}" name="{name}" maxlength="{longest}" {attributes}{tied}>\n{value}</textarea>'
)


def field_html(field: Field, texts: Texts) -> Html:
    """One field with all that belongs to it."""
    return html(
        '<div class="field"><label for="{name}">{label}{optional}</label>{hint}{fault}{control}</div>',
        name=field.name,
        label=field.label,
        optional=NOTHING if field.required else html(" <span>{text}</span>", text=texts.optional),
        hint=html('<p class="hint" id="{name}-hint">{text}</p>', name=field.name, text=field.hint)
        if field.hint
        else NOTHING,
        fault=html('<p class="fault" id="{name}-fault">{text}</p>', name=field.name, text=field.fault)
        if field.fault
        else NOTHING,
        control=html(
            _BOX if field.is_long else _LINE,
            name=field.name,
            value=field.value,
            longest=field.longest,
            attributes=field.attributes,
            tied=_tied(field),
        ),
    )


def _tied(field: Field) -> Html:
    parts = [("hint", field.hint), ("fault", field.fault)]
    described = " ".join(f"{field.name}-{part}" for part, text in parts if text)
    return join(
        piece
        for piece in (
            html(" required") if field.required else NOTHING,
            html(' aria-describedby="{ids}"', ids=described) if described else NOTHING,
            html(' aria-invalid="true"') if field.fault else NOTHING,
        )
    )
