"""Time as text."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from paylink.domain.clock import from_text, to_text, utc_now

ALMATY = timezone(timedelta(hours=5))


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 3, 1, 9, 0, tzinfo=UTC), "2026-03-01T09:00:00.000Z"),
        (datetime(2026, 3, 1, 9, 0, 0, 999_999, tzinfo=UTC), "2026-03-01T09:00:00.999Z"),
        (datetime(2026, 3, 1, 2, 0, tzinfo=ALMATY), "2026-02-28T21:00:00.000Z"),
    ],
)
def test_a_moment_is_written_in_utc_with_milliseconds(moment: datetime, text: str) -> None:
    assert to_text(moment) == text


@pytest.mark.parametrize(
    "text", ["2026-03-01T09:00:00Z", "2026-03-01T14:00:00+05:00", "2026-03-01T09:00:00.000+00:00"]
)
def test_any_offset_is_read_as_utc(text: str) -> None:
    moment = from_text(text)
    assert moment == datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
    assert moment.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "2026-03-01",
        "2026-03-01T09:00:00",
        "2026-13-01T09:00:00Z",
        "9999-12-31T23:59:59-05:00",
        "0001-01-01T00:00:00+05:00",
    ],
)
def test_what_is_no_moment_with_an_offset_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"time zone|lies outside|isoformat|month"):
        from_text(text)


def test_now_is_aware() -> None:
    assert utc_now().utcoffset() == timedelta(0)
