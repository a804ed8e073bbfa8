// The places of the drawing as a map that moves, by Leaflet.

const CLOSEST = 18;
const ROOM = 24;

// Puts the map in place of the drawing. Throws, and leaves the drawing, if anything fails.
export async function show(figure) {
  const words = figure.dataset;
  const drawing = figure.querySelector(".map__drawing");
  const box = document.createElement("div");
  for (const href of words.styles.split(" ")) await load("link", { rel: "stylesheet", href });
  await load("script", { src: words.script });
  try {
    box.className = "map__leaflet";
    box.dir = "ltr";
    drawing.before(box);
    drawing.style.display = "none";
    const map = draw(box, drawing, words, figure.querySelector(".map__source"));
    box.focus({ preventScroll: true });
    if (words.tiles) paint(map, words).catch(() => {});
  } catch (problem) {
    box.remove();
    drawing.style.display = "";
    throw problem;
  }
}

function load(tag, attributes) {
  return new Promise((done, failed) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.onload = done;
    element.onerror = () => failed(new Error(`${tag} did not load`));
    document.head.append(element);
  });
}

function draw(box, drawing, words, source) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(box, {
    zoomControl: false,
    attributionControl: false,
    zoomAnimation: !still,
    fadeAnimation: !still,
    markerZoomAnimation: !still,
    inertia: !still,
    maxZoom: CLOSEST,
    zoomSnap: 0.5,
  });
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", words.name);
  L.control.zoom({ zoomInTitle: words.closer, zoomOutTitle: words.farther }).addTo(map);
  L.control.scale({ imperial: false, position: "topright" }).addTo(map);
  L.control.attribution({ prefix: false }).addTo(map).addAttribution(source?.innerHTML ?? "");

  const places = new Map();
  for (const dot of drawing.querySelectorAll("a[data-at]")) {
    const at = dot.dataset.at;
    if (!places.has(at)) places.set(at, []);
    places.get(at).push({ href: dot.getAttribute("href"), name: dot.querySelector("title").textContent });
  }
  const all = L.latLngBounds([...places.keys()].map(degrees));
  map.fitBounds(all, { padding: [ROOM, ROOM], maxZoom: 15, animate: false });
  map.setMaxBounds(all.pad(1));
  map.setMinZoom(map.getZoom() - 1);
  for (const [at, here] of places) mark(map, degrees(at), here, words);
  name(map, drawing);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") map.closePopup();
  });
  return map;
}

function mark(map, at, here, words) {
  const names = here.map((one) => one.name).join(", ");
  const icon = L.divIcon({ className: "map__pin", iconSize: [24, 24] });
  const marker = L.marker(at, { icon, title: names, riseOnHover: true }).addTo(map);
  const list = document.createElement("div");
  for (const one of here) {
    const link = Object.assign(document.createElement("a"), { href: one.href, textContent: one.name, dir: "auto" });
    list.append(link);
  }
  marker.getElement().setAttribute("aria-label", names);
  marker.bindPopup(list, { autoPanPadding: [ROOM, ROOM] });
  marker.on("popupopen", ({ popup }) => {
    const button = popup.getElement().querySelector(".leaflet-popup-close-button");
    button?.setAttribute("aria-label", words.close);
    list.querySelector("a").focus({ preventScroll: true });
  });
  marker.on("popupclose", () => {
    if (list.contains(document.activeElement) || document.activeElement === document.body) marker.getElement().focus();
  });
}

function degrees(at) {
  return at.split(" ").map(Number);
}

// Names of towns, as many as fit without covering each other at this zoom.
function name(map, drawing) {
  const pane = map.createPane("names");
  const names = [...drawing.querySelectorAll(".map__town")].map((town) => {
    const text = Object.assign(document.createElement("span"), { textContent: town.textContent });
    const icon = L.divIcon({ className: "map__name", iconSize: null, html: text });
    const options = { icon, pane: "names", interactive: false, keyboard: false };
    L.marker(degrees(town.dataset.at), options).addTo(map);
    return text;
  });
  const arrange = () => {
    const shown = [];
    for (const one of names) {
      const box = one.getBoundingClientRect();
      const covers = (other) =>
        box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom;
      const hides = shown.some(covers);
      one.classList.toggle("map__name--hidden", hides);
      if (!hides) shown.push(box);
    }
  };
  pane.setAttribute("aria-hidden", "true");
  map.on("zoomend", arrange);
  arrange();
}

async function paint(map, words) {
  await load("script", { src: words.painter });
  const flavor = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const lang = document.documentElement.lang.slice(0, 2);
  protomapsL.leafletLayer({ url: words.tiles, flavor, lang, noWrap: true }).addTo(map);
  map.getPane("names").remove(); // the map file brings names of its own
}
