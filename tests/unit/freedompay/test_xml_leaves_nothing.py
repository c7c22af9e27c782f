"""What strangers send is forgotten at once: a document that is refused leaves nothing to collect."""

import gc

import pytest

from paylink.freedompay.errors import UnreadableMessage
from paylink.freedompay.pg_xml import read_xml

REFUSED = (
    "<request><a>😀" + "x" * 60_000,
    "<request><a>1</b></request>",
    "plain text",
    "<request>" + "<a>" * 600,
    "<request>" + "<a/>" * 600 + "</request>",
    "<request xmlns='x'><a>1</a></request>",
    "<other><a>1</a></other>",
    "<request><?x y?></request>",
)


def left_by(document: str) -> int:
    gc.collect()
    for _ in range(10):
        try:
            read_xml(document, "request")
        except UnreadableMessage:
            continue
    return gc.collect()


@pytest.fixture(autouse=True)
def collected_by_hand():
    # What loading the parser leaves is none of a document's.
    read_xml("<request><a>1</a></request>", "request")
    gc.disable()
    # Nor is anything that other tests left, which would be looked through at each collection.
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
    gc.enable()


@pytest.mark.parametrize("document", REFUSED, ids=lambda text: text[:20])
def test_a_refused_document_leaves_no_garbage(document: str) -> None:
    with pytest.raises(UnreadableMessage):
        read_xml(document, "request")
    assert left_by(document) == 0


def test_nor_does_a_read_one() -> None:
    assert left_by("<request><a>1</a></request>") == 0
