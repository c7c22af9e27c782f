"""XML documents: elements and text are the message, everything else is refused or means nothing."""

import pytest

from paylink.freedompay.errors import UnreadableMessage
from paylink.freedompay.forms import MAX_DEPTH, bracketed
from paylink.freedompay.messages import read_xml, write_xml
from paylink.freedompay.pg_xml import MAX_DOCUMENT_BYTES, MAX_ELEMENTS


@pytest.mark.parametrize(
    ("document", "fields"),
    [
        ("<r><a>1</a></r>", [("a", "1")]),
        ("<r> <a>1</a>\n\t<b>2</b> </r>", [("a", "1"), ("b", "2")]),
        ("<r><a/><b></b></r>", [("a", ""), ("b", "")]),
        ("<r><a> 1\n </a></r>", [("a", " 1\n ")]),
        ("<r><a> </a></r>", [("a", " ")]),
        ("<r><a>&amp;&lt;&gt;&quot;&apos;&#1103;&#x44F;</a></r>", [("a", "&<>\"'яя")]),
        ("<r><a><![CDATA[<b>&amp;</b>]]></a></r>", [("a", "<b>&amp;</b>")]),
        ('<r x="1"><a y="2">1</a></r>', [("a", "1")]),
        ("<r><a>1</a><!-- no --><a>2</a></r>", [("a", "1"), ("a", "2")]),
        ("<r><a>1<!-- no -->2</a></r>", [("a", "12")]),
        ("<r><a><b>1</b> <c><d>2</d></c></a></r>", [("a", (("b", "1"), ("c", (("d", "2"),))))]),
        ('<?xml version="1.0" encoding="utf-8"?><r><a>я</a></r>', [("a", "я")]),
        ("\ufeff<r><a>1</a></r>", [("a", "1")]),
        # The encoding is UTF-8, whatever the document says.
        ('<?xml version="1.0" encoding="windows-1251"?><r><a>я</a></r>', [("a", "я")]),
        ("<r><a>1\r\n2&#13;</a></r>", [("a", "1\n2\r")]),
    ],
)
def test_elements_and_text(document, fields):
    assert read_xml(document, "r") == fields
    assert read_xml(document.encode(), "r") == fields


BOMB = "<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;'>"


@pytest.mark.parametrize(
    "document",
    [
        *("", " ", "text", "<", "<r>", "<r><a>1</a>", "<r><a>1</b></r>", "<r><a>1</a></r><r/>", "<r/>"),
        *("<r></r>", "<r>text</r>", "<R><a>1</a></R>", "<x><r><a>1</a></r></x>", "<r><a>1</a></r>junk"),
        *("<r>text<a>1</a></r>", "<r><a>1</a>text</r>", "<r><a>text<b>1</b></a></r>", "<r><1>x</1></r>"),
        *(
            "<r><a>&nbsp;</a></r>",
            "<r><a>&undefined;</a></r>",
            "<r><a>&#0;</a></r>",
            "<r><a>\x00</a></r>",
        ),
        *("<r><a>&#xD800;</a></r>", "<r><a>\ud800</a></r>", "<r><a>\x01</a></r>", "<r><a>&</a></r>"),
        '<r xmlns="urn:x"><a>1</a></r>',
        '<r><x:a xmlns:x="urn:x">1</x:a></r>',
        "<r><x:a>1</x:a></r>",
        "<?php echo 1 ?><r><a>1</a></r>",
        "<r><?pi?><a>1</a></r>",
        "<!DOCTYPE r><r><a>1</a></r>",
        "<!DOCTYPE r SYSTEM 'file:///etc/passwd'><r><a>1</a></r>",
        "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><r><a>&x;</a></r>",
        "<!DOCTYPE r [<!ENTITY x SYSTEM 'http://127.0.0.1:1/'>]><r><a>&x;</a></r>",
        "<!DOCTYPE r [<!ENTITY % x SYSTEM 'http://127.0.0.1:1/'>%x;]><r><a>1</a></r>",
        f"<!DOCTYPE r [{BOMB}]><r><a>&c;</a></r>",
        "<r>" + "<a>" * 100_000,
        "<r>" + "<a/>" * MAX_ELEMENTS + "</r>",
        "<r>" + "<a>" * (MAX_DEPTH + 2) + "1" + "</a>" * (MAX_DEPTH + 2) + "</r>",
        "<r><a>" + "x" * MAX_DOCUMENT_BYTES + "</a></r>",
        " <?xml version='1.0'?><r><a>1</a></r>",
        "<?xml version='1.0' encoding='utf-7'?><r><a>+AGE-</a></r>\ud800",
    ],
    ids=lambda document: ascii(document[:50]),
)
def test_documents_that_are_refused(document):
    with pytest.raises(UnreadableMessage) as caught:
        read_xml(document, "r")
    assert "passwd" not in str(caught.value)
    with pytest.raises(UnreadableMessage):
        read_xml(document.encode("utf-8", "surrogatepass"), "r")


@pytest.mark.parametrize(
    "document",
    [
        pytest.param("<r><a>я</a></r>".encode("utf-16"), id="UTF-16"),
        pytest.param("<r><a>я</a></r>".encode("utf-32"), id="UTF-32"),
        pytest.param("<?xml version='1.0' encoding='cp1251'?><r><a>я</a></r>".encode("cp1251"), id="1251"),
        pytest.param(b"<r><a>\xff</a></r>", id="not UTF-8"),
    ],
)
def test_no_encoding_but_utf8(document):
    with pytest.raises(UnreadableMessage):
        read_xml(document, "r")


def test_as_much_as_may_be():
    wide = "<r>" + "<a/>" * (MAX_ELEMENTS - 1) + "</r>"
    assert len(read_xml(wide, "r")) == MAX_ELEMENTS - 1
    deep = "<r>" + "<a>" * (MAX_DEPTH + 1) + "1" + "</a>" * (MAX_DEPTH + 1) + "</r>"
    assert bracketed(read_xml(deep, "r")) == [("a" + "[a]" * MAX_DEPTH, "1")]


def test_what_is_written():
    fields = [("pg_status", "ok"), ("pg_description", "a<b>&\r\"'я")]
    assert write_xml(fields).decode() == (
        '<?xml version="1.0" encoding="utf-8"?><response><pg_status>ok</pg_status>'
        "<pg_description>a&lt;b&gt;&amp;&#13;\"'я</pg_description></response>"
    )
    assert read_xml(write_xml(fields), "response") == fields


@pytest.mark.parametrize(
    "field",
    [
        *(("a b", "1"), ("", "1"), ("1a", "1"), ("a>b", "1"), ("a:b", "1"), ("a", "\x00"), ("a", "\x0b")),
        *(("a", "\ud800"), ("a", "\ufffe"), ("a", (("b c", "1"),)), ("a", (("b", "\x1f"),))),
    ],
)
def test_what_xml_cannot_carry_is_not_written(field):
    with pytest.raises(ValueError, match="XML"):
        write_xml([field])
