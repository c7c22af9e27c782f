"""The events that a local run keeps to look at."""

import json

from paylink_local.heard import HeardEvents
from paylink_local.payload import HttpRequest

REQUEST = HttpRequest("GET", "/local/events", "", (), b"", "127.0.0.1", "80", "HTTP/1.1")


def test_the_last_thousand_are_kept_and_each_is_told() -> None:
    lines: list[tuple[str, str]] = []
    heard = HeardEvents(lambda who, line: lines.append((who, line)))
    for number in range(1_005):
        heard.add(
            {"detail-type": "payment.paid", "detail": {"order_id": f"pl_{number}", "description": "Чай"}}
        )
    answer = heard.page(REQUEST)
    events = json.loads(answer.body)["events"]
    assert (answer.status, len(events)) == (200, 1_000)
    assert events[-1]["detail"]["order_id"] == "pl_1004"
    who, line = lines[-1]
    assert (who, json.loads(line)["message"], json.loads(line)["order_id"]) == (
        "events",
        "payment.paid",
        "pl_1004",
    )
    assert "description" not in line
