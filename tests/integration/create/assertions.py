"""What an answer that is an error must look like, whatever the error."""

from integration.create.endpoint import Answer


def assert_problem(answer: Answer, status: int, code: str, *, retry_after: int | None = None) -> None:
    """A whole problem document (RFC 9457) that tells what to change, and nothing beside it."""
    assert (answer.status, answer.document.get("code")) == (status, code), answer.document
    document = dict(answer.document)
    entries = document.pop("errors", [])
    document.pop("gateway_code", None)
    document.pop("gateway_description", None)
    assert set(document) == {"type", "title", "status", "detail", "code", "request_id"}
    assert document["type"] == f"urn:paylink:problem:{code}"
    assert document["status"] == status
    assert document["title"]
    assert len(document["detail"]) > 10
    assert document["request_id"].startswith("request-")
    for entry in entries:
        assert set(entry) == {"field", "detail"}
        assert entry["detail"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    told = answer.headers.get("retry-after")
    assert (None if told is None else int(told)) == retry_after


def fields_named(answer: Answer) -> list[str]:
    """The fields that a problem document names as wrong."""
    return [entry["field"] for entry in answer.document["errors"]]
