"""The closed lists behind institution records, with their German names."""

from __future__ import annotations

KINDS: dict[str, str] = {
    "kita": "Kindertagesstätte",
    "grundschule": "Grundschule",
    "grund-und-realschule-plus": "Grund- und Realschule plus",
    "grund-und-hauptschule": "Grund- und Hauptschule",
    "realschule-plus": "Realschule plus",
    "realschule": "Realschule",
    "hauptschule": "Hauptschule",
    "gemeinschaftsschule": "Gemeinschaftsschule",
    "igs": "Integrierte Gesamtschule",
    "gymnasium": "Gymnasium",
    "waldorfschule": "Freie Waldorfschule",
    "foerderschule": "Förderschule",
    "abendschule": "Abendgymnasium oder Kolleg",
    "bbs": "Berufsbildende Schule",
    "hochschule": "Hochschule",
    "universitaet": "Universität",
    "vhs": "Volkshochschule",
    "familienbildung": "Familienbildung",
    "bildungstraeger": "Bildungsträger",
    "musikschule": "Musikschule",
    "bibliothek": "Bibliothek",
    "beratungsstelle": "Beratungsstelle",
    "jugendhilfe": "Jugendhilfe",
    "kammer": "Kammer",
    "behoerde": "Behörde",
}
"""Kinds of institutions with their German names, in the order they are shown."""

ALL_DAY: dict[str, str] = {
    "none": "keine Ganztagsschule",
    "offered": "Ganztagsschule in Angebotsform",
    "open": "offene Ganztagsschule",
    "compulsory": "Ganztagsschule in verpflichtender Form",
}
ACCESSIBLE: dict[str, str] = {"full": "barrierefrei", "part": "teilweise barrierefrei", "none": "nicht barrierefrei"}
TOPICS: dict[str, str] = {
    "anerkennung": "Anerkennung ausländischer Abschlüsse",
    "asylverfahrensberatung": "Beratung im Asylverfahren",
    "aufenthalt": "Aufenthalt",
    "ausbildungsvermittlung": "Vermittlung in Ausbildung",
    "beratung-beruf": "Berufsberatung",
    "beratung-familie": "Beratung für Familien",
    "beratung-migration": "Beratung für Zugewanderte",
    "berufsvorbereitung": "Berufsvorbereitung",
    "beschaeftigung": "Beschäftigung",
    "bibliothek": "Bibliothek",
    "bildungsinformation": "Information über Bildung",
    "bildungslotsinnen": "Bildungslotsinnen",
    "ehrenamt": "Ehrenamt",
    "einbuergerung": "Einbürgerung",
    "einbuergerungstest": "Einbürgerungstest",
    "erziehungsberatung": "Erziehungsberatung",
    "foerderschule": "Förderschule",
    "grundsicherung": "Grundsicherung",
    "hauptschule": "Hauptschule",
    "inklusionshilfe": "Inklusionshilfe",
    "inklusive-ausbildung": "Inklusive Ausbildung",
    "jugendarbeit": "Jugendarbeit",
    "jugendhilfe": "Jugendhilfe",
    "kita-vormerkung": "Vormerkung für einen Kita-Platz",
    "musikschule": "Musikschule",
    "schulsozialarbeit": "Schulsozialarbeit",
    "sprachkurs": "Sprachkurs",
    "sprachkurs-daf": "Deutsch als Fremdsprache",
    "studium-uni": "Studium an der Universität",
    "ueberbetriebliche-ausbildung": "Überbetriebliche Ausbildung",
    "weiterbildung": "Weiterbildung",
    "welcome-center": "Welcome Center",
    "wohnen": "Wohnen",
}
"""Topics of offers for which the network has no station; another topic is shown by its id."""
SCHOOLS = frozenset(
    {
        *("grundschule", "grund-und-realschule-plus", "grund-und-hauptschule", "realschule-plus", "realschule"),
        *("hauptschule", "gemeinschaftsschule", "igs", "gymnasium", "waldorfschule", "foerderschule"),
    }
)
"""Kinds of which everybody asks whether they are all-day schools."""

OWN_FIELDS = (
    *("name", "carrier", "address", "district", "position", "website", "phone", "email"),
    *("all_day", "accessible", "languages", "offers"),
    *("opening_hours", "open_day", "register_from", "register_by"),
)
"""Fields of a record that a fact can give the origin of."""
MEASURES: dict[str, str] = {
    "pupils": "Schülerinnen und Schüler",
    "pupils_foreign": "ohne deutsche Staatsangehörigkeit",
    "pupils_primary": "Schulkinder in der Primarstufe",
    "pupils_lower_secondary": "Schülerinnen und Schüler in der Sekundarstufe I",
    "pupils_upper_secondary": "Schülerinnen und Schüler in der Sekundarstufe II",
    "pupils_all_day": "Kinder im Ganztag",
    "registrations": "Anmeldungen",
    "first_graders": "neue Erstklässlerinnen und Erstklässler",
    "classes": "Klassen",
    "staff": "Lehrkräfte",
    "occupations": "Ausbildungsberufe in der Berufsschule",
    "students": "Studierende",
    "courses": "Kursangebote",
    "places": "Plätze",
    "groups": "Gruppen",
    "children": "Kinder",
    "people_advised": "Ratsuchende",
    "participants": "Teilnehmende",
    "visits": "Besuche im Jahr",
    "founded": "gegründet",
    "focus": "Förderschwerpunkt",
}
"""Facts with a value of their own, with their German names."""
