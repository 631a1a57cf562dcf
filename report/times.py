"""Times in files that a user gives."""

from datetime import UTC, datetime


def moment_of(value: object) -> datetime | None:
    """A time with its zone in ISO 8601, in UTC; None for anything else."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        return found.astimezone(UTC) if found and found.tzinfo else None
    except (ValueError, OverflowError):
        return None
