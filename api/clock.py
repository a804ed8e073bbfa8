"""The only place that asks what today is, in the time zone of the municipality."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")


def today() -> date:
    """Today's date in Germany."""
    return datetime.now(tz=ZONE).date()
