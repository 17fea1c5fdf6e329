"""Charts by Vega-Lite, drawn when the report is made: the page holds plain SVG, so it needs no script to show them.

Colours are CSS variables, so that a chart follows light, dark and print. Each mark that stands for a value has a `<title>`:
it is shown on hover. For who does not see the drawing there is a label, and the table beside it.
"""

import hashlib
import json
import re
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from babel import Locale
from markupsafe import Markup, escape

from warehouse.files import write_bytes

VERSION = "6.1"
CONFIG = {
    "background": None,
    "font": "system-ui, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--muted)",
        "titleColor": "var(--muted)",
        "titleFontWeight": "normal",
        "gridColor": "var(--grid)",
        "domainColor": "var(--rule)",
        "tickColor": "var(--rule)",
        "labelFontSize": 13,
        "titleFontSize": 13,
        "labelPadding": 6,
    },
    "header": {"labelColor": "var(--ink)", "labelFontSize": 13, "labelFontWeight": "bold", "title": None},
    "text": {"color": "var(--ink)", "fontSize": 13},
}
LABELLED = re.compile(r'<(\w+)((?:\s+[\w:-]+="[^"]*")*?)\s+aria-label="([^"]*)"((?:\s+[\w:-]+="[^"]*")*)\s*/>')
ARIA = re.compile(r'\s(?:role|aria-[\w-]+)="[^"]*"')


class Charts:
    """Charts, each drawn once: the drawing is kept in `folder` under the hash of all that it is made from.

    The folder is safe to delete. Without one every chart is drawn anew.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.made: dict[str, str] = {}
        """Name -> drawing, of this report."""
        self.of_goals: dict[tuple[str, str], dict[str, Any]] = {}
        """(goal, language) -> its charts by their place on a page."""

    def draw(self, spec: dict[str, Any], label: str, lang: str) -> Markup:
        """A Vega-Lite specification as SVG with `label` as its text."""
        svg = LABELLED.sub(r"<\1\2\4><title>\3</title></\1>", self.drawing(spec, lang))
        head, body = svg.split(">", 1)
        box = re.findall(r'viewBox="([^"]+)"', head)[0]
        width = float(box.split()[2])
        opened = f'<svg class="chart" role="img" aria-label="{escape(label)}" viewBox="{box}" style="max-width:{width:.0f}px"'
        return Markup(f'{opened} xmlns="http://www.w3.org/2000/svg">{ARIA.sub("", body)}')  # noqa: S704 - drawn by Vega, which escapes texts

    def drawing(self, spec: dict[str, Any], lang: str) -> str:
        """The SVG as Vega-Lite makes it, from the folder where it was drawn before."""
        whole = {"config": CONFIG, **spec}
        source = json.dumps([whole, number_locale(lang), VERSION, renderer()], sort_keys=True)
        name = f"{hashlib.sha256(source.encode()).hexdigest()}.svg"
        if name not in self.made:
            path = self.folder / name if self.folder else None
            if path and path.exists():
                self.made[name] = path.read_text(encoding="utf-8")
            else:
                self.made[name] = drawn(whole, lang)
                if path:
                    write_bytes(path, self.made[name].encode())
        return self.made[name]

    def forget_others(self) -> None:
        """Remove the drawings that this report did not use."""
        if self.folder:
            for path in self.folder.glob("*.svg"):
                if path.name not in self.made:
                    path.unlink(missing_ok=True)


def alone(chart: Markup, css: str) -> Markup:
    """A drawing as a file of its own: with the light colours of the style sheet, on paper."""
    colours = re.findall(r":root \{[^}]*\}", css)[0]
    head, body = str(chart).split(">", 1)
    width, height = re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', head)[0]
    sized = head.replace("<svg ", f'<svg width="{width}" height="{height}" ', 1)
    paper = '<rect width="100%" height="100%" fill="var(--paper)"/>'
    return Markup(f"{sized}><style>{colours}</style>{paper}{body}")  # noqa: S704 - as above, with styles of ours


@cache
def number_locale(lang: str) -> dict[str, Any]:
    """How numbers on the axes are written, as Vega's own formatter wants to have it."""
    symbols = Locale(lang).number_symbols["latn"]
    return {"decimal": symbols["decimal"], "thousands": symbols["group"], "grouping": [3], "currency": ["", ""]}


@cache
def renderer() -> str:
    """The version of the program that draws; another one may draw otherwise."""
    return version("vl-convert-python")


def drawn(spec: dict[str, Any], lang: str) -> str:
    """The SVG of a specification, drawn now."""
    import vl_convert  # Starts a JavaScript engine: only where something is to be drawn.

    return str(vl_convert.vegalite_to_svg(spec, vl_version=VERSION, format_locale=number_locale(lang)))
