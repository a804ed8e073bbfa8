"""Fetch KERN, the fonts and the map, cut them down to what our pages use, write them to frontend/static/vendor/.

    python3 tools/vendor_frontend.py

Needs npm (with node) and uv on the path, only here: the results are committed and the service needs neither.
Running it twice writes the same files.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import math
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "frontend" / "static" / "vendor"

# package@version -> integrity as the npm registry states it
PACKAGES = {
    "@kern-ux/native@2.7.2":
        "TN0Mqbasp7S1IOqurXickde8MDj5hIcgT4s3f1i33wyv2iVgA1dTO/FoQyi6rgM9KYTYkIthl9k72g7fBUUvHg==",
    "@fontsource/vazirmatn@5.3.0":
        "XC/2yN2r5gwhFT3klSuWaqncODX2DOfRYfNmbyzgtWYxHxMC+tcoaX+tgggrm6hSkEgpR1TuSDEf1PiI91G7qg==",
    "@expo-google-fonts/vazirmatn@0.4.1":
        "sznMvxt99C4bsEcWCebs3XWb/av8z9a/Y4OQo8F7VPFT0xzzn7Whkkw6dqxcAyLYEiNNpTpa3/vp8t1/koK6Jw==",
    "leaflet@1.9.4":
        "nxS1ynzJOmOlHp+iL3FyWqK89GtNL8U8rvlMOsQdTTssxZwCXh8N2NB3GDQOL+YR3XnWyZAxwQixURb+FA74PA==",
    "protomaps-leaflet@5.1.0":
        "N0YY1Gbw5nZ9n8VUOvwHKm/w3zhTTuaZEeMZl8doHemeM4ujGPp2otI6t4Sgqrz8iM4svx2rpG1Q17rHkOWSaA==",
    "@mapbox/vector-tile@2.0.5":
        "pXj8m7KTsqZt+1jsE0xIpGvqTSbblfkuEJL/NJmNePMtEwxO8V3XMDo9WMSfDeqHvCtBI9Lmt4mGcGR10zecmw==",
    "@mapbox/point-geometry@1.1.0":
        "YGcBz1cg4ATXDCM/71L9xveh4dynfGmcLDqufR+nQQy3fKwsAZsWd/x4621/6uJaeB9mwOHE6hPeDgXz9uViUQ==",
    "pbf@4.0.2":
        "J0ajxARhZfpUEebxYs1vhMGMuLSXtBe1e+fFPDrf2uA2hgo+UshKfNUWOz92HJNz6/NFEXseQPddnHkTreWRqg==",
    "color2k@2.0.4":
        "OXAPGFRNeLFnUfqDtloYdxkwsJoIdXe28+bjbpJiPqyei2HPa3VHmMCWa0Qe62+U4Ftf9Hj7hRssOkxz7WiWbg==",
    "potpack@1.0.2":
        "choctRBIV9EMT9WGAZHn3V7t0Z2pMQyl0EZE6pFc/6ml3ssw7Dlf/oAOvFwjm1HVsqfQN8GfeFyJ+d8tRzqueQ==",
    "quickselect@2.0.0":
        "RKJ22hX8mHe3Y6wH/N3wCM6BWtjaxIyyUIkpHOvfFnxdI4yD4tBXEBKSbriGujF6jnSVkJrffuo6vxACiSSxIw==",
    "rbush@3.0.1":
        "XRaVO0YecOpEuIvbhbpTrZgoiI6xBlz6hnlr6EHhd+0x9ase6EmeN+hdwwUaJvLcsFFQ8iWVF1GAK1yB0BWi0w==",
    "fflate@0.8.3":
        "tbZNuJrLwGUp3zshBtdy4W+ORxZuIh8a5ilyIEQDC5rY1f3U20JMry0Ll3WBzU58EZKsEuJFXhb5gwv8CsPvgA==",
}  # fmt: skip
# What protomaps-leaflet brings along inside of its one file, for their licences only. pmtiles and @protomaps/basemaps
# are in there too: same owner, same licence, no text of their own in their packages.
INSIDE_PROTOMAPS = [
    "@mapbox/vector-tile", "@mapbox/point-geometry", "pbf", "color2k", "potpack", "quickselect", "rbush", "fflate",
]  # fmt: skip
RTLCSS = "rtlcss@4.3.0"
FONT_TOOLS = ["fonttools==4.68.0", "brotli==1.2.1"]

# A selector stays if each of its KERN classes is one of these, or is one of them with __part or --variant.
COMPONENTS = [
    "accordion", "alert", "badge", "body", "btn", "btn-wrapper", "card", "container", "description-list",
    "description-list-item", "divider", "error", "fieldset", "form-check", "form-input", "heading-large",
    "heading-medium", "heading-small", "heading-x-large", "hgroup", "hint", "icon", "input-group",
    "input-group-text", "label", "layer", "level-0", "level-1", "link", "list", "number", "preline",
    "progress", "sr-only", "stack", "subline", "table", "title",
]  # fmt: skip
ICONS = [
    "add", "arrow-back", "arrow-down", "arrow-forward", "arrow-up", "calendar-today", "check",
    "checklist", "close", "danger", "dehaze", "delete", "download", "draft", "easy-language", "edit",
    "help", "home", "info", "language", "mail", "open-in-new", "search", "success", "warning",
]  # fmt: skip
ICON_SIZES = ["small", "default", "large", "x-large"]
LEFT_OUT = re.compile(r"type=file|-file-upload-button|type=color|type=range|__media|width-\d|--striped|--action")
# Custom properties our own style sheets may read, although the reduced KERN no longer does.
TOKENS_KEPT = re.compile(
    r"--kern-(metric-(space-(none|2?x?-?small|default|x?-?large|[23]x-large)|border-(width|radius)-\w+)"
    r"|color-(layout|action-(default|on|visited|focus)|feedback|decorative|form)[\w-]*"
    r"|typography-font-family-default|typography-(font-size|line-height)-[\w-]+)$"
)
# Read by language-specific rules of our own: must stay a variable.
NEVER_INLINED = {"--kern-typography-font-family-default"}

LATIN = (
    "U+0020-007E,U+00A0,U+00A7,U+00A9,U+00AB,U+00AD,U+00B0,U+00B2,U+00B3,U+00B7,U+00BB-00BE,U+00C0-00FF,U+0102-0107,"
    "U+010C,U+010D,U+0118,U+0119,U+011E,U+011F,U+0130,U+0131,U+0141-0144,U+0152,U+0153,U+015A,U+015B,U+015E-0161,"
    "U+0179-017E,U+0218-021B,U+2011,U+2013,U+2014,U+2018-201A,U+201C-201E,U+2022,U+2026,U+202F,U+2039,U+203A,U+20AC,"
    "U+2190-2193,U+2212"
)
CYRILLIC = "U+0400-045F,U+0490,U+0491,U+2116"
ARABIC = (  # Arabic and Persian letters, marks and digits; other languages fall back to the system
    "U+060C,U+061B,U+061F,U+0621-063A,U+0640-0655,U+0660-066C,U+0670,U+0671,U+067E,U+0686,U+0698,U+06A9,U+06AF,"
    "U+06C0,U+06CC,U+06D5,U+06F0-06F9,U+200C-200F"
)


@dataclass(frozen=True)
class Font:
    """One subset file and the @font-face rule that goes with it."""

    source: str
    target: str
    family: str
    weight: str
    characters: str
    features: str = "kern,locl,mark,mkmk,ccmp"


KERN_FONT = "@kern-ux/native/dist/fonts/fira-sans/FiraSans-{}.woff2"
# KERN asks for 400, 500 and 600: the second file answers for everything above 400.
FONTS = [
    Font(KERN_FONT.format("Regular"), "fira-sans/latin-400.woff2", "Fira Sans", "400", LATIN),
    Font(KERN_FONT.format("SemiBold"), "fira-sans/latin-600.woff2", "Fira Sans", "500 900", LATIN),
    Font(KERN_FONT.format("Regular"), "fira-sans/cyrillic-400.woff2", "Fira Sans", "400", CYRILLIC),
    Font(KERN_FONT.format("SemiBold"), "fira-sans/cyrillic-600.woff2", "Fira Sans", "500 900", CYRILLIC),
    Font("@fontsource/vazirmatn/files/vazirmatn-arabic-400-normal.woff2", "vazirmatn/arabic-400.woff2",
         "Vazirmatn", "400", ARABIC, "*"),
    Font("@fontsource/vazirmatn/files/vazirmatn-arabic-600-normal.woff2", "vazirmatn/arabic-600.woff2",
         "Vazirmatn", "500 900", ARABIC, "*"),
]  # fmt: skip


@dataclass
class Rule:
    """`prelude { declarations }`, or an at-rule around further rules."""

    prelude: str
    declarations: list[tuple[str, str]] = field(default_factory=list)
    children: list[Rule] = field(default_factory=list)

    def text(self) -> str:
        body = "".join(child.text() for child in self.children)
        body = body or ";".join(f"{name}:{value}" for name, value in self.declarations)
        return f"{self.prelude}{{{body}}}" if body else ""


# --- reading CSS ---


def split_outside(text: str, separator: str) -> list[str]:
    """Split at the separator where it stands outside of strings, brackets and braces."""
    parts, depth, quote, start = [], 0, "", 0
    for at, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        if character == separator and not depth and not quote:
            parts.append(text[start:at])
            start = at + 1
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def parse(text: str) -> list[Rule]:
    """Rules of a style sheet as Sass writes it: no nesting apart from at-rules."""
    rules, start, at = [], 0, 0
    while (opening := text.find("{", at)) >= 0:
        depth, quote, end = 0, "", opening
        for end in range(opening, len(text)):
            character = text[end]
            if quote:
                quote = "" if character == quote else quote
            elif character in "\"'":
                quote = character
            else:
                depth += (character == "{") - (character == "}")
                if not depth:
                    break
        prelude = re.sub(r"\s+", " ", text[start:opening].split(";")[-1]).strip()
        body = text[opening + 1 : end]
        if prelude.startswith(("@media", "@supports")):
            rules.append(Rule(prelude, children=parse(body)))
        else:
            pairs = (part.partition(":") for part in split_outside(body, ";"))
            declarations = [(name.strip(), re.sub(r"\s+", " ", value).strip()) for name, _, value in pairs]
            rules.append(Rule(prelude, declarations))
        start = at = end + 1
    return rules


def every(rules: list[Rule]) -> Iterator[Rule]:
    for rule in rules:
        yield rule
        yield from every(rule.children)


# --- cutting down ---


def is_kept(selector: str) -> bool:
    if LEFT_OUT.search(selector):
        return False
    for name in re.findall(r"\.kern-([\w-]+)", selector):
        family, _, variant = re.sub(r"__[a-z-]+", "", name).partition("--")
        if family not in COMPONENTS or (family == "icon" and variant and variant not in [*ICONS, *ICON_SIZES]):
            return False
    return True


def keep_components(rules: list[Rule]) -> list[Rule]:
    kept = []
    for rule in rules:
        if rule.children:
            rule.children = keep_components(rule.children)
        elif not rule.prelude.startswith("@"):
            rule.prelude = ",".join(one for one in split_outside(rule.prelude, ",") if is_kept(one))
        elif rule.prelude.startswith("@keyframes"):
            rule.prelude = ""
        if rule.prelude and (rule.children or rule.declarations):
            kept.append(rule)
    return kept


def settle_themes(rules: list[Rule]) -> list[Rule]:
    """Light is the plain default, dark follows the system; `data-kern-theme` on <html> overrules both.

    KERN writes both as media queries only, so a browser that knows none of them shows no colour at all.
    """
    settled = []
    for rule in rules:
        if "prefers-color-scheme: dark" in rule.prelude:
            rule.children[0].prelude = ":root:not([data-kern-theme=light])"
        elif "prefers-color-scheme: light" in rule.prelude:
            rule = Rule(":root,[data-kern-theme=light]", rule.children[0].declarations)
        elif rule.prelude == "[data-kern-theme=light], .kern-light" and len(rule.declarations) > 9:
            continue  # the same values again
        elif rule.prelude.startswith(":is(body,"):
            rule.prelude = "body,[data-kern-theme=light],[data-kern-theme=dark],.kern-layer.kern-level-0"
        settled.append(rule)
    return settled


def inline_constants(rules: list[Rule]) -> None:
    """Put values that never change in place of their variable; drop fallbacks of variables that are set."""
    times = Counter(name for rule in every(rules) for name, _ in rule.declarations if name.startswith("--"))
    constants = {
        name: value
        for rule in rules
        if rule.prelude == ":root"
        for name, value in rule.declarations
        if name.startswith("--") and times[name] == 1 and name not in NEVER_INLINED
    }

    def replace(match: re.Match[str]) -> str:
        name, fallback = match[1], match[2]
        if name in constants:
            return VARIABLE.sub(replace, constants[name])
        return f"var({name})" if name in times or not fallback else f"var({name},{fallback.strip()})"

    for rule in every(rules):
        rule.declarations = [(name, VARIABLE.sub(replace, value)) for name, value in rule.declarations]


VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,((?:[^()]|\([^()]*\))*))?\)")


def drop_unread(rules: list[Rule]) -> None:
    """Variables nobody reads any more, until nothing changes."""
    while True:
        read = {name for rule in every(rules) for _, value in rule.declarations for name, _ in VARIABLE.findall(value)}
        before = sum(len(rule.declarations) for rule in every(rules))
        for rule in every(rules):
            rule.declarations = [
                (name, value)
                for name, value in rule.declarations
                if not name.startswith("--") or name in read or TOKENS_KEPT.match(name)
            ]
        if before == sum(len(rule.declarations) for rule in every(rules)):
            return


# --- colours older browsers understand ---

OKLCH = re.compile(r"oklch\(\s*([\d.]+)%\s+([\d.]+)\s+([\d.]+)\s*(?:/\s*([\d.]+))?\)")


def plain_colours(rules: list[Rule]) -> None:
    """oklch() and color-mix() to hex: they came to browsers in 2023, and phones live longer than that."""
    for rule in every(rules):
        theme = dict(rule.declarations)
        rule.declarations = [
            (name, OKLCH.sub(as_hex, mixed(value, theme)))
            for name, value in rule.declarations
            if not name.endswith("-overlay")  # for dialogs, which we leave out
        ]


def mixed(value: str, theme: dict[str, str]) -> str:
    """KERN mixes one thing only: the action colour with black, white or nothing, for hover and pressed."""
    if not value.startswith("color-mix("):
        return value
    action = OKLCH.match(theme["--kern-color-action-default"])
    assert action, "KERN writes its action colour differently now"
    lightness, chroma, hue = (float(part) for part in action.groups()[:3])
    state = "hover" if "opacity-hover" in value else "active"
    share = float(theme[f"--kern-color-action-state-opacity-{state}"].rstrip("%")) / 100
    if "transparent" in value:
        return f"oklch({lightness}% {chroma} {hue} / {1 - share:.4f})"
    towards = 100 if "white" in value else 0
    return f"oklch({lightness * share + towards * (1 - share):.4f}% {chroma * share:.5f} {hue})"


def as_hex(match: re.Match[str]) -> str:
    lightness, chroma, hue = float(match[1]) / 100, float(match[2]), math.radians(float(match[3]))
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    encoded = [12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in (max(0.0, c) for c in linear)]
    digits = [round(255 * min(1.0, c)) for c in encoded] + ([round(255 * float(match[4]))] if match[4] else [])
    text = "".join(f"{digit:02x}" for digit in digits)
    return "#" + (text[::2] if text[::2] == text[1::2] else text)


# --- writing CSS ---


def minify(text: str) -> str:
    return re.sub(r"\s*([{};])\s*", r"\1", text).replace(";}", "}")


def reduced_kern(text: str) -> str:
    rules = parse(re.sub(r"/\*.*?\*/", "", text, flags=re.S))
    rules = keep_components(settle_themes(rules))
    for rule in every(rules):  # a white icon is invisible where the reader's own colours are light
        rule.declarations = [
            (name, "CanvasText!important" if value == "var(--kern-color-white) !important" else value)
            for name, value in rule.declarations
        ]
    inline_constants(rules)
    drop_unread(rules)
    plain_colours(rules)
    drop_unread(rules)
    return minify("".join(rule.text() for rule in rules))


NOTICE = """/*! KERN UX Native 2.7.2 (https://www.kern-ux.de), (c) KERN-Team. Licensed under the EUPL.
Changed for this project by tools/vendor_frontend.py on 2026-11-21: reduced to the components we use, colours
written as hex{more}. */
"""
# What mirroring by machine gets wrong: the check mark is drawn with borders, arrows are pictures.
RTL_REPAIRS = (
    ".kern-form-check__checkbox{direction:ltr}"
    ".kern-icon--arrow-back,.kern-icon--arrow-forward,.kern-icon--open-in-new{transform:scaleX(-1)}"
)


def write_kern(packages: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    source = packages / "@kern-ux/native"
    shutil.copyfile(source / "LICENSE.md", target / "LICENSE.md")
    left = reduced_kern((source / "dist" / "kern.css").read_text(encoding="utf-8"))
    (target / "kern.min.css").write_text(NOTICE.format(more="") + left, encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder, "ltr.css"), Path(folder, "rtl.css")
        before.write_text(re.sub(r"(?<=[}])(?=\.kern-form-check__checkbox:[^{}]*::before\{)", "/*rtl:ignore*/", left))
        run("npx", "--yes", "--package", RTLCSS, "rtlcss", "--silent", str(before), str(after))
        right = minify(after.read_text(encoding="utf-8")) + RTL_REPAIRS
    more = f", mirrored with {RTLCSS}"
    (target / "kern.rtl.min.css").write_text(NOTICE.format(more=more) + right, encoding="utf-8")


# --- fonts ---


def write_fonts(packages: Path, target: Path) -> None:
    faces = []
    for font in FONTS:
        (target / font.target).parent.mkdir(parents=True, exist_ok=True)
        with_font_tools(
            "pyftsubset", str(packages / font.source), f"--unicodes={font.characters}", "--flavor=woff2",
            f"--layout-features={font.features}", "--no-hinting", "--desubroutinize", "--no-recalc-timestamp",
            f"--output-file={target / font.target}",
        )  # fmt: skip
        faces.append(
            f'@font-face{{font-family:"{font.family}";font-style:normal;font-weight:{font.weight};font-display:swap;'
            f'src:url("{font.target}") format("woff2");unicode-range:{font.characters}}}\n'
        )
    (target / "fonts.css").write_text("".join(faces), encoding="utf-8")
    licence = (packages / "@fontsource/vazirmatn/LICENSE").read_text(encoding="utf-8")
    (target / "vazirmatn" / "OFL.txt").write_text(licence, encoding="utf-8")
    fira = "Digitized data copyright (c) 2012-2015, The Mozilla Foundation and Telefonica S.A.\n"
    (target / "fira-sans" / "OFL.txt").write_text(fira + licence.partition("\n")[2], encoding="utf-8")


def write_print_fonts(packages: Path, target: Path) -> None:
    """Arabic for printed guides: whole fonts as TTF, since Typst reads no woff2. Browsers never load them."""
    target.mkdir(parents=True, exist_ok=True)
    for weight in ("400Regular", "700Bold"):
        source = packages / "@expo-google-fonts/vazirmatn" / weight / f"Vazirmatn_{weight}.ttf"
        shutil.copyfile(source, target / source.name)


# --- map ---


def write_map(packages: Path, target: Path) -> None:
    for name, files in (("leaflet", ["leaflet.js", "leaflet.css"]), ("protomaps-leaflet", ["protomaps-leaflet.js"])):
        (target / name).mkdir(parents=True, exist_ok=True)
        for file in files:
            text = (packages / name / "dist" / file).read_text(encoding="utf-8")
            text = re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "\n", text)  # the map of the source stays away
            (target / name / file).write_text(text, encoding="utf-8")
    shutil.copyfile(packages / "leaflet" / "LICENSE", target / "leaflet" / "LICENSE.txt")
    texts = {"protomaps-leaflet, pmtiles, @protomaps/basemaps": packages / "protomaps-leaflet" / "LICENSE"}
    texts |= {name: next((packages / name).glob("LICENSE*")) for name in INSIDE_PROTOMAPS}
    told = "\n\n".join(f"== {name}\n\n{path.read_text(encoding='utf-8').strip()}" for name, path in texts.items())
    (target / "protomaps-leaflet" / "LICENSE.txt").write_text(told + "\n", encoding="utf-8")


# --- tools ---


def run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command[:3])} … failed:\n{done.stdout}{done.stderr}")


def with_font_tools(*command: str) -> None:
    extras = [part for tool in FONT_TOOLS for part in ("--with", tool)]
    run("uv", "run", "--quiet", "--no-project", *extras, *command)


def fetch(package: str, integrity: str, folder: Path) -> None:
    """Download one npm package, compare it with its pinned hash, unpack it under its name."""
    name = package.rpartition("@")[0]
    place = folder / name
    place.mkdir(parents=True)
    run("npm", "pack", "--silent", "--pack-destination", str(place), package)
    archive = next(place.glob("*.tgz"))
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != integrity:
        sys.exit(f"{package}: the registry sent something else (sha512-{found})")
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            member.name = member.name.partition("/")[2]
            if member.name:
                tar.extract(member, place, filter="data")


def main() -> None:
    for tool in ("npm", "npx", "uv"):
        if not shutil.which(tool):
            sys.exit(f"{tool} is needed here and was not found.")
    with tempfile.TemporaryDirectory() as folder:
        packages = Path(folder)
        for package, integrity in PACKAGES.items():
            fetch(package, integrity, packages)
        write_kern(packages, VENDOR / "kern")
        write_fonts(packages, VENDOR / "fonts")
        write_print_fonts(packages, VENDOR / "fonts" / "vazirmatn" / "print")
        write_map(packages, VENDOR)
    for path in sorted(VENDOR.rglob("*")):
        if path.suffix in (".css", ".js", ".woff2"):
            data = path.read_bytes()
            small = len(data) if path.suffix == ".woff2" else len(gzip.compress(data, 9, mtime=0))
            print(f"{small:8,} bytes on the wire at most  {path.relative_to(VENDOR)}")


if __name__ == "__main__":
    main()
