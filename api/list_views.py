"""Views of the long lists: all stops, counselling points, sources; and the pages of plain text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from api.frame import Frame, Link
from api.rule_views import SourceView, doubts, source_view
from api.views import Group, by_entry, stage_words
from pathways.errors import UnknownId

CONTACT = ("address", "phone")


@dataclass(frozen=True)
class StationsPage:
    """All stops, certificates and goals by name."""

    title: str
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class HelpEntry:
    """A counselling point."""

    id: str
    name: str
    who: str
    what: str
    topics: tuple[str, ...]
    doubts: tuple[str, ...]
    unknown: tuple[str, ...]
    """How to reach it, as far as no source says."""
    confidence: str
    sources: tuple[SourceView, ...]


@dataclass(frozen=True)
class HelpPage:
    """Counselling points by topic."""

    title: str
    topics: tuple[Group, ...]
    entries: tuple[HelpEntry, ...]


@dataclass(frozen=True)
class SourcesPage:
    """The sources of one layer, or the layers to choose from; an incomplete address is text."""

    title: str
    count: str
    layers: tuple[Link, ...]
    sources: tuple[SourceView, ...]


@dataclass(frozen=True)
class TextPage:
    """A page of plain text."""

    title: str
    operator: str
    address: str


def stations_page(frame: Frame) -> StationsPage:
    """Everything there is, by name."""
    reader, network = frame.reader, frame.network
    groups = []
    for stage, (name, hint) in stage_words(frame).items():
        stations = sorted((one for one in network.stations.values() if one.stage == stage), key=by_entry)
        links = tuple(replace(frame.link_to(one.id), note=frame.said(one.id, "entry", one.entry)) for one in stations)
        if links:
            groups.append(Group(stage, name, hint, links))
    kinds: tuple[tuple[str, str, Iterable[str]], ...] = (
        ("situations", reader.gettext("Ausgangslagen"), network.situations),
        ("qualifications", reader.gettext("Abschlüsse"), network.qualifications),
        ("goals", reader.gettext("Ziele"), network.goals),
    )
    for key, name, ids in kinds:
        links = tuple(sorted((frame.link_to(one) for one in ids), key=lambda link: link.text.casefold()))
        groups.append(Group(key, name, "", links))
    return StationsPage(reader.gettext("Alle Halte, Abschlüsse und Ziele"), tuple(groups))


def help_page(frame: Frame) -> HelpPage:
    """All counselling points, with a list of topics leading to them."""
    reader = frame.reader
    topics: dict[str, list[Link]] = defaultdict(list)
    entries = []
    for one in sorted(frame.network.help.values(), key=lambda one: one.name.casefold()):
        name = frame.said(one.id, "name", one.name)
        said = tuple(frame.said(one.id, "topics", topic) for topic in one.topics)
        for topic in said:
            topics[topic].append(Link(f"#{one.id}", name))
        entries.append(
            HelpEntry(
                id=one.id,
                name=name,
                who=frame.said(one.id, "who", one.who),
                what=frame.said(one.id, "what", one.what),
                topics=said,
                doubts=doubts(frame, (field for field in one.unconfirmed if field not in CONTACT)),
                unknown=doubts(frame, (field for field in one.unconfirmed if field in CONTACT)),
                confidence=one.confidence,
                sources=tuple(source_view(frame, source) for source in one.sources),
            )
        )
    return HelpPage(
        title=reader.gettext("Wer Ihnen hilft"),
        topics=tuple(Group("", topic, "", tuple(links)) for topic, links in sorted(topics.items(), key=_folded)),
        entries=tuple(entries),
    )


def _folded(item: tuple[str, object]) -> str:
    return item[0].casefold()


def sources_page(frame: Frame, layer: str = "") -> SourcesPage:
    """All sources of a layer by id. Raises `UnknownId`."""
    reader, network = frame.reader, frame.network
    home = network.catalogue.home if network.catalogue else {}
    by_layer: dict[str, list[str]] = defaultdict(list)
    for one in sorted(network.sources):
        by_layer[home.get(f"sources:{one}", network.region)].append(one)
    if layer and layer not in by_layer:
        raise UnknownId("layer", layer, by_layer)

    def counted(count: int) -> str:
        return reader.ngettext("%(count)s Quelle", "%(count)s Quellen", count) % {"count": count}

    names = {one.id: frame.said(one.id, "name", one.name) for one in network.layers}
    title = reader.gettext("Quellen")
    return SourcesPage(
        title=f"{title}: {names[layer]}" if layer else title,
        count=counted(len(by_layer[layer]) if layer else len(network.sources)),
        layers=tuple(
            Link(frame.to("sources", f"layer={one}"), names.get(one, one), counted(len(ids)))
            for one, ids in by_layer.items()
            if one != layer
        ),
        sources=tuple(source_view(frame, one) for one in by_layer[layer]) if layer else (),
    )


def text_page(frame: Frame, title: str) -> TextPage:
    """A page of text; who runs the service comes from the settings."""
    return TextPage(
        title=title,
        operator=frame.settings.operator,
        address=frame.settings.operator_address,
    )
