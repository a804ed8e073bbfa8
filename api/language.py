"""The reader's language: catalogs compiled in memory, numbers and dates by Babel, names from the content.

`de` is the source. A string without a translation shows German, as `German`; pages mark it with its own ``lang``.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from typing import Any

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


class German(str):
    """A text that the reader's language has no translation for."""

    __slots__ = ()

    def __mod__(self, values: Any, /) -> German:
        return German(super().__mod__(values))


class _Untranslated(NullTranslations):
    """Asked last: the same words translated elsewhere, else German."""

    def __init__(self, elsewhere: Mapping[str, str]) -> None:
        super().__init__()
        self._elsewhere = elsewhere

    def gettext(self, message: str) -> str:
        return self._elsewhere.get(message) or German(message)

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return German(msgid1 if n == 1 else msgid2)


@lru_cache(maxsize=32)
def catalog(language: str) -> NullTranslations:
    """The translations of a language; for the source language every message stands for itself.

    Content strings have the context ``<id>.<field>`` (see `api.messages`), so that two records with the same German
    words may differ. Words asked for without their context, or with another, take the first translation there is.
    """
    path = LOCALES / FOLDERS.get(language, language) / "messages.po"
    if language == SOURCE or not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        messages = read_po(file, locale=LOCALE_OF.get(language, language))
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    known = [one for one in messages if isinstance(one.id, str) and isinstance(one.string, str) and not one.fuzzy]
    elsewhere: dict[str, str] = {}
    for one in sorted(known, key=lambda message: message.context is not None):
        elsewhere.setdefault(str(one.id), str(one.string))
    translations = GNUTranslations(compiled)
    translations.add_fallback(_Untranslated(elsewhere))
    return translations


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

    def pgettext(self, context: str, message: str, /) -> str:
        """A content string; `context` is ``<id>.<field>``."""
        return self._catalog.pgettext(context, message) if message else ""

    def ngettext(self, singular: str, plural: str, number: int, /) -> str:
        return self._catalog.ngettext(singular, plural, number)

    def name(self, record_id: str, /) -> str:
        prefix, _, rest = record_id.partition(".")
        context = {"question": rest, "status": f"{rest}.name"}.get(prefix, f"{record_id}.name")
        return self.pgettext(context, self.network.name(record_id))

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
