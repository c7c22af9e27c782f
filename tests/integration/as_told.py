"""An answer of a function against docs/api/openapi.yaml.

Those who send requests for the tests (the endpoint, the desk, the shop) hold every answer against it, so that whatever
code or state a test reaches is one that the document tells.
"""

import json
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

from unit.api.document import answers, resolved, schema, validator


def check(route: str, answer: Mapping[str, Any]) -> None:
    """Fails where the document does not name this answer: status, headers, type, and every member of its body."""
    told = answers(route)
    assert answer["statusCode"] in told, f"{route} does not tell {answer['statusCode']}"
    wanted = told[answer["statusCode"]]
    sent = {name.lower() for name in answer["headers"]}
    known = {name.lower(): one for name, one in wanted.get("headers", {}).items()}
    for name, one in known.items():
        header = resolved(one)
        assert name in sent or not header.get("required", False), f"{route}: {name} is missing"
        if name in sent:
            validator(header["schema"]).validate(answer["headers"][name])
    # Whatever a client has to act on is told.
    assert sent & {"location", "retry-after", "idempotent-replayed"} <= set(known)
    if "content" not in wanted:
        assert not answer.get("body")
        return
    media = answer["headers"]["content-type"].partition(";")[0]
    assert media in wanted["content"], f"{route} does not tell {media}"
    if media.endswith("json"):
        judge = validator(wanted["content"][media]["schema"], closed=True)
        judge.validate(json.loads(answer["body"]))
    elif media == "application/xml":
        reply = ET.fromstring(answer["body"])  # noqa: S314 — our own answer
        assert reply.tag == schema("GatewayReply")["xml"]["name"]
        validator(schema("GatewayReply"), closed=True).validate({one.tag: one.text for one in reply})
