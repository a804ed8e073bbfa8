"""Months as integers: the clock of the route search.

A month index counts months since year 0 (``2026-08`` is ``2026 * 12 + 7``). Legs begin on the first day of a
month, so one integer is enough and every sum stays exact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

MONTH_DAY = re.compile(r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")


def month_index(day: date) -> int:
    """Index of the month that contains `day`."""
    return day.year * 12 + day.month - 1


def first_free_month(day: date) -> int:
    """Index of the first month whose first day is not before `day`."""
    return month_index(day) + (0 if day.day == 1 else 1)


def first_day(index: int) -> date:
    """First day of the month with this index."""
    return date(index // 12, index % 12 + 1, 1)


def next_month_of(index: int, months: tuple[int, ...]) -> int:
    """First month index at or after `index` whose calendar month (1 to 12) is one of `months`."""
    if not months:
        return index
    here = index % 12 + 1
    return index + min((month - here) % 12 for month in months)


@dataclass(frozen=True)
class MonthDay:
    """A day that comes back every year, written ``MM-DD`` in the content."""

    month: int
    day: int

    @classmethod
    def parse(cls, text: str) -> MonthDay:
        """Read ``MM-DD``. Raises ValueError with the remedy."""
        if not MONTH_DAY.match(text):
            raise ValueError(f"{text!r} is no day of the year: write MM-DD, for example 03-01")
        month, day = (int(part) for part in text.split("-"))
        date(2024, month, day)
        return cls(month, day)

    def in_year(self, year: int) -> date:
        """This day in `year`; 29 February becomes 28 February where there is none."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return date(year, self.month, self.day - 1)

    def last_before(self, day: date) -> date:
        """The latest such day at or before `day`."""
        here = self.in_year(day.year)
        return here if here <= day else self.in_year(day.year - 1)

    def next_from(self, day: date) -> date:
        """The earliest such day at or after `day`."""
        here = self.in_year(day.year)
        return here if here >= day else self.in_year(day.year + 1)
