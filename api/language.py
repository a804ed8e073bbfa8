"""The reader's language: catalogs compiled in memory, numbers and dates by Babel, names from the content.

`de` is the source. A string without a translation shows German; pages mark it with its own ``lang``.
"""

from __future__ import annotations

import datetime
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from pathways.network import Network
from pathways.tree import LOCALES

SOURCE = "de"
LANGUAGES: dict[str, str] = {"de": "Deutsch"}
"""Languages offered, with their own names. A language is added together with its catalog."""
RIGHT_TO_LEFT = frozenset({"ar", "fa"})
FOLDERS = {"de-simple": "de_simple"}
LOCALE_OF = {"de-simple": "de"}


@lru_cache(maxsize=32)
def catalog(language: str) -> NullTranslations:
    """The translations of a language; for the source language every message stands for itself."""
    path = LOCALES / FOLDERS.get(language, language) / "messages.po"
    if language == SOURCE or not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        messages = read_po(file, locale=LOCALE_OF.get(language, language))
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return GNUTranslations(compiled)


class Reader:
    """A reader's language over one network; a `pathways.wording.Words`."""

    def __init__(self, network: Network, language: str = SOURCE) -> None:
        self.network = network
        self.language = language
        self.locale = Locale.parse(LOCALE_OF.get(language, language))
        self._catalog = catalog(language)

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``, for the page."""
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"

    def gettext(self, message: str, /) -> str:
        return self._catalog.gettext(message) if message else ""

    def ngettext(self, singular: str, plural: str, number: int, /) -> str:
        return self._catalog.ngettext(singular, plural, number)

    def name(self, record_id: str, /) -> str:
        return self.gettext(self.network.name(record_id))

    def date(self, day: datetime.date, /) -> str:
        return format_date(day, "d. MMMM y" if self.locale.language == "de" else "long", locale=self.locale)

    def month(self, day: datetime.date, /) -> str:
        """A month and year, as routes are dated."""
        return format_date(day, "LLLL y", locale=self.locale)

    def number(self, value: float, /) -> str:
        return format_decimal(value, locale=self.locale)

    def grade(self, value: float, /) -> str:
        return format_decimal(value, format="0.0#", locale=self.locale)

    def listing(self, items: list[str], /, *, either: bool = False) -> str:
        return format_list(items, style="or" if either else "standard", locale=self.locale) if items else ""

    def months(self, count: float, /) -> str:
        """A duration in words: years and months."""
        whole = round(count)
        years, rest = divmod(whole, 12)
        said = []
        if years:
            said.append(self.ngettext("%(count)s Jahr", "%(count)s Jahre", years) % {"count": years})
        if rest or not years:
            said.append(self.ngettext("%(count)s Monat", "%(count)s Monate", rest) % {"count": rest})
        return self.listing(said)
