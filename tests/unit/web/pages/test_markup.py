"""Markup: what is not markup is escaped, and templates and parts fit each other."""

import pytest

from paylink.web.pages.markup import Html, html, join

HOSTILE = """<script>alert("1")</script> & 'x' {name}"""


def test_a_part_is_escaped_in_text_and_attributes() -> None:
    made = html('<p title="{text}">{text}</p>', text=HOSTILE)
    escaped = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#x27;x&#x27; {name}"
    assert made.text == f'<p title="{escaped}">{escaped}</p>'


def test_markup_stays_markup() -> None:
    assert html("<p>{inner}</p>", inner=html("<b>{x}</b>", x="<")).text == "<p><b>&lt;</b></p>"


def test_markup_is_no_text() -> None:
    assert not isinstance(Html("x"), str)
    with pytest.raises(TypeError):
        "x" + html("x")  # type: ignore[operator]


@pytest.mark.parametrize("part", [7, None, 1.5, ["<"]])
def test_other_things_are_escaped_as_their_text(part: object) -> None:
    assert html("{part}", part=part).text == str(part).replace("<", "&lt;").replace("'", "&#x27;")


def test_a_part_too_few_is_an_error() -> None:
    with pytest.raises(KeyError):
        html("{a} {b}", a="1")


def test_a_part_too_many_is_an_error() -> None:
    with pytest.raises(ValueError, match="surplus"):
        html("{a}", a="1", surplus="2")


def test_a_template_cannot_reach_into_its_parts() -> None:
    assert html("{part}", part="{part.__class__}").text == "{part.__class__}"


def test_join_and_truth() -> None:
    assert join([html("<i>{x}</i>", x="&"), html("")]).text == "<i>&amp;</i>"
    assert not html("")
    assert html(" ")
