"""Where a station exists outside of the municipality, for those who find none here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.frame import Frame, Link
from api.rule_views import SourceView, help_links, source_view
from pathways.station import Station

FEW_HELPERS = 2


@dataclass(frozen=True)
class PlaceElsewhere:
    """A known place."""

    name: str
    text: str
    confidence: str
    sources: tuple[SourceView, ...]


@dataclass(frozen=True)
class ElsewhereView:
    """What is known outside of here. Nothing known: whom to ask."""

    label: str
    places: tuple[PlaceElsewhere, ...]
    """The nearest, where a source says which that is; else all, and none of them is called nearer."""
    others: tuple[PlaceElsewhere, ...]
    ask: tuple[Link, ...]


def elsewhere_view(frame: Frame, station: Station, here: Sequence[Link]) -> ElsewhereView | None:
    """The known places outside of here; nothing where somebody offers it here."""
    if here:
        return None
    gettext = frame.reader.gettext
    known = sorted(station.elsewhere, key=lambda one: not one.nearest)
    views = tuple(
        PlaceElsewhere(
            one.place, gettext(one.text), one.confidence, tuple(source_view(frame, source) for source in one.sources)
        )
        for one in known
    )
    one_is_nearest = bool(known) and (known[0].nearest or len(known) == 1)
    shown = 1 if one_is_nearest else len(views)
    label = gettext("Nächster bekannter Ort außerhalb:") if one_is_nearest else gettext("Bekannte Orte außerhalb:")
    helpers = [one for one in station.help if one in frame.network.help] or ["berufsberatung"]
    return ElsewhereView(label if known else "", views[:shown], views[shown:], help_links(frame, helpers)[:FEW_HELPERS])
