"""A small town with five stations and four institutions, for tests."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pathways.network import Network, build_network
from pathways.station import Station

AREA = """\
town: Musterstadt
box: {south: 49.4, north: 50.0, west: 6.3, east: 7.2}
postcodes: ["54000", "54001"]
"""
SCHOOL = """\
id: brueckenschule
name: "Brückenschule Musterstadt"
kind: grundschule
carrier: "Stadt Musterstadt"
official_number: "10001"
sites:
  - {street: "Brückenstr. 5 a", postcode: "54000", town: "Musterstadt", district: "Nord/Hafen", lat: 49.75, lon: 6.64}
phone: "(0651) 1234"
all_day: offered
offers:
  - {station: primary}
  - {station: all-day, field: "Ganztagsschule in Angebotsform", year: 2016}
profile: >-
  2016 besuchten 151 Kinder die Schule.
facts:
  - {field: phone, source: list-2017, year: 2017}
  - {field: address, source: list-2017, year: 2017}
  - {field: all_day, source: list-2017, year: 2016}
  - {field: pupils, value: 151, source: list-2017, year: 2016}
sources:
  - {id: list-2017, text: "Schulliste 2017", year: 2017}
source_year: 2017
confidence: part
"""
OTHERS = {
    "gymnasium-am-fluss": """\
id: gymnasium-am-fluss
name: "Gymnasium am Fluss"
kind: gymnasium
official_number: "50001"
sites:
  - {street: "Uferweg 1", postcode: "54001", town: "Musterstadt", district: "Süd", lat: 49.72, lon: 6.60}
all_day: none
accessible: none
languages:
  - {language: fr, use: lessons}
offers:
  - {station: upper}
sources:
  - {id: list-2017, text: "Schulliste 2017", year: 2017}
source_year: 2017
confidence: confirmed
""",
    "kita-regenbogen": """\
id: kita-regenbogen
name: "Kita Regenbogen"
kind: kita
sites:
  - {town: "Musterstadt"}
offers:
  - {station: nursery}
sources:
  - {id: paper, text: "Zeitung", year: 2008}
source_year: 2008
confidence: unconfirmed
""",
    "beratung-ankommen": """\
id: beratung-ankommen
was: [beratung-neu]
name: "Ärztehaus-Beratung Ankommen"
kind: beratungsstelle
languages:
  - {language: ar, use: advice}
  - {language: uk, use: advice}
offers:
  - {topic: beratung-migration}
sources:
  - {id: web, text: "Website", url: "https://ankommen.example.org/beratung", year: 2024}
source_year: 2024
confidence: confirmed
""",
}
STAGES = {
    "nursery": "early-childhood",
    "primary": "primary",
    "all-day": "primary",
    "upper": "upper-secondary",
    "grundschule": "primary",
}


def town_network() -> Network:
    """The network of the town."""
    return build_network(
        "musterstadt",
        [
            Station.model_validate(
                {
                    "id": one,
                    "name": f"Halt {one}",
                    "short": one.capitalize(),
                    "stage": stage,
                    "text": "Text.",
                    "months": {"min": 1, "typical": 1, "max": 1},
                    "confidence": "confirmed",
                    "checked": date(2026, 3, 1),
                }
            )
            for one, stage in STAGES.items()
        ],
    )


def write_town(content: Path) -> Path:
    """The content of the town; gives the folder of its institutions."""
    folder = content / "musterstadt" / "institutions"
    folder.mkdir(parents=True)
    (content / "musterstadt" / "area.yaml").write_text(AREA, encoding="utf-8")
    for name, text in {"brueckenschule": SCHOOL, **OTHERS}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder
