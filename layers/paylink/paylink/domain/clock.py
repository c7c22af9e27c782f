"""Time as Paylink writes it: UTC, aware, whole milliseconds, sortable as text."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def to_text(moment: datetime) -> str:
    """A moment as RFC 3339 text with milliseconds, so that texts sort as the moments do."""
    in_utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return f"{in_utc.isoformat('T', 'milliseconds')[:-6]}Z"


def from_text(text: str) -> datetime:
    """The moment of an RFC 3339 text with an offset or Z. Raises ValueError on anything else."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("needs a time zone, for example 2026-12-31T18:00:00+05:00")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("lies outside the years 1 to 9999 in UTC") from None
