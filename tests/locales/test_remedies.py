"""What to do about an answer nobody can read is said in the reader's language, values and all."""

from __future__ import annotations

import pytest

from api.answers import read_answers
from api.clock import today
from api.messages import extract_messages
from api.remedies import Remedy, spoken
from pathways.errors import BadFact
from pathways.network import Network
from pathways.wording import GermanWords


class Backwards(GermanWords):
    """Another language, whose words stay recognisable."""

    def gettext(self, message: str, /) -> str:
        return f"[{message}]"


@pytest.mark.parametrize(
    ("query", "template"),
    [
        (("max_changes", "99"), "Bitte eine ganze Zahl von %(low)s bis %(high)s."),
        (("day", "1999-01-01"), "Der Tag muss zwischen %(first)s und %(last)s liegen."),
        (("lang", "tlh"), "Diese Sprache gibt es hier nicht. Möglich sind: %(names)s."),
        (("know", "agee=16"), "Diese Angabe kennen wir nicht. Meinten Sie: %(names)s?"),
        (("from", ",".join(f"a{number}" for number in range(30))), "Bitte höchstens %(count)s Orte nennen."),
        (("from", "a" * 3_000), "Das ist zu lang. Höchstens %(count)s Zeichen."),
    ],
)
def test_a_remedy_keeps_its_values_apart(network: Network, query: tuple[str, str], template: str) -> None:
    with pytest.raises(BadFact) as caught:
        read_answers([query], network, today=today(), strict=True)
    remedy = caught.value.remedy
    assert isinstance(remedy, Remedy)
    assert remedy.message == template
    assert remedy == template % remedy.values
    assert spoken(remedy, Backwards()) == f"[{template}]" % remedy.values


def test_remedies_are_in_the_template_for_translators() -> None:
    extracted = extract_messages()
    for text in (
        "Bitte höchstens %(count)s Orte nennen.",
        "Bitte true oder false; was offen ist, lassen Sie weg.",
        "Das Alter und die Schuljahre passen nicht zusammen. Welche Angabe stimmt?",
        "Noten gehen von 1,0 bis 6,0.",
    ):
        assert f'msgid "{text}"' in extracted
