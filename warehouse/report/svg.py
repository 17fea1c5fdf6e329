"""Charts by Vega-Lite, drawn when the report is made: the page holds plain SVG, so it needs no script to show them.

Colours are CSS variables, so that a chart follows light, dark and print. Each mark that stands for a value has a `<title>`:
it is shown on hover. For who does not see the drawing there is a label, and the table beside it.
"""

import re
from typing import Any

import vl_convert
from markupsafe import Markup, escape

VERSION = "6.1"
LOCALES = {
    "nl": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["€ ", ""]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["€", ""]},
}
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


def draw(spec: dict[str, Any], label: str, lang: str) -> Markup:
    """Draw a Vega-Lite specification as SVG with `label` as its text."""
    whole = {"config": CONFIG, **spec}
    svg = vl_convert.vegalite_to_svg(whole, vl_version=VERSION, format_locale=LOCALES[lang])
    svg = LABELLED.sub(r"<\1\2\4><title>\3</title></\1>", svg)
    head, body = svg.split(">", 1)
    box = re.findall(r'viewBox="([^"]+)"', head)[0]
    width = float(box.split()[2])
    opened = (
        f'<svg class="chart" role="img" aria-label="{escape(label)}" viewBox="{box}" style="max-width:{width:.0f}px"'
    )
    return Markup(f'{opened} xmlns="http://www.w3.org/2000/svg">{ARIA.sub("", body)}')
