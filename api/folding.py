"""One way to spell: both search engines see text only through `fold`, when indexing and when asked.

Fold once: `fold(fold(x))` is not promised to be `fold(x)`, because "ä" and "ae" must end alike.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

_UMLAUTS = re.compile("ae|oe|ue|[äöü]")
_WORDS = re.compile(r"\w+")
_LETTERS = str.maketrans(
    {
        "ł": "l",
        "ı": "i",
        "ё": "е",
        "ґ": "г",
        "ø": "o",
        "đ": "d",
        # Arabic, Persian: one alef, ya, kaf, ha; ta marbuta is written as ha by many.
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ىیې", "ي"),
        "ک": "ك",
        "ة": "ه",
        "ۀ": "ه",
        "ە": "ه",
        "ؤ": "و",
        "ئ": "ي",
        # Apostrophes and the stretching sign are no letters; the zero-width non-joiner parts words.
        **dict.fromkeys("'’ʼ‘ʻʹ`´′\u0640", ""),
        **dict.fromkeys("\u200c\u00a0\u202f", " "),
        **dict.fromkeys("\u00ad\u200b\u200d\u200e\u200f\u2066\u2067\u2068\u2069", ""),
        **{chr(0x0660 + digit): str(digit) for digit in range(10)},
        **{chr(0x06F0 + digit): str(digit) for digit in range(10)},
    }
)

SILENT = frozenset(
    # Words people put around what they look for, folded: "wie werde ich …", "where can i …", "як стати …".
    """
    als am an auf aus bei bin bis brauch brauche das dem den der des die ein eine einen einem einer er es fur geht gibt
    haben habe hat ich ihr im in ist kann kein konnen man mein meine meinen meinem meiner mir mit mochte nach oder
    ohne sein sich sie sind so um und uns vom von was welche wenn werd werde werden wer wie will wir wo woher wohin zu
    zum zur
    a about and are become can do does for from get have how is me my need of on or the to want what where which
    who with without
    як де що я мені мій моя моє для до та і й у в на чи з стати можна треба хочу потрібно без
    как где что мне мой моя мое для и в на с по стать можно нужно хочу я без
    كيف اين ما ماذا هل في من الي علي عن انا اريد مع او و لي بدون
    nasil nerede ne icin ve ile ben bir bana benim olmak istiyorum olurum var mi
    """.split()  # noqa: SIM905 - readable
)


def fold(text: str) -> str:
    """The spelling under which text is compared: case, umlauts, accents, apostrophes and letter variants are alike."""
    plain = unicodedata.normalize("NFKC", text.translate(_LETTERS)).casefold()
    plain = _UMLAUTS.sub(_bare, unicodedata.normalize("NFC", plain)).translate(_LETTERS)
    if plain.isascii():
        return plain
    decomposed = unicodedata.normalize("NFKD", plain)
    return "".join(one for one in decomposed if not unicodedata.combining(one))


def _bare(found: re.Match[str]) -> str:
    return {"ä": "a", "ö": "o", "ü": "u"}.get(found[0], found[0][0])


def folded_words(text: str) -> list[str]:
    """The words of a text, folded."""
    return _WORDS.findall(fold(text))


@lru_cache(maxsize=50_000)
def latin(word: str) -> str:
    """A folded word in Latin letters, folded again: people write "gimnaziya" for "гімназія" and the other way round."""
    return word if word.isascii() else re.sub(r"\W+", "", fold(anyascii(word)))


def asked_words(query: str) -> list[str]:
    """The words of a query that say something; all of them if none would be left."""
    words = list(dict.fromkeys(folded_words(query[:200])))[:12]
    return [word for word in words if word not in SILENT] or words
