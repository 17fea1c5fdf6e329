"""What mkdocs does besides reading pages: fills in what is generated, leaves out of the menu what is not written yet.

A page holds `<!-- generated: NAME ARGUMENTS -->` where the text of `docs.generated.NAME` belongs, so that no fact that
stands in the code or in the database is written down twice.
"""

import re
from pathlib import Path
from typing import Any

from docs.generated import GENERATORS

MARK = re.compile(r"<!-- generated: (?P<name>\w+)(?P<arguments>[^>]*?) -->")


def on_config(config: Any) -> Any:
    """Leave out of the menu the pages that are not there (yet)."""
    config.nav = there(config.nav, Path(config.docs_dir))
    return config


def there(entries: list[Any], folder: Path) -> list[Any]:
    """The entries of a menu whose page exists; a group without any falls away."""
    kept = []
    for entry in entries:
        if isinstance(entry, dict):
            ((title, inner),) = entry.items()
            found = there(inner if isinstance(inner, list) else [inner], folder)
            kept += [{title: found if isinstance(inner, list) else inner}] if found else []
        elif (folder / entry).exists():
            kept.append(entry)
    return kept


def on_page_markdown(markdown: str, **_: Any) -> str:
    """The page with everything generated in its place. Raises KeyError for a name that generates nothing."""
    return MARK.sub(lambda mark: GENERATORS[mark["name"]](*mark["arguments"].split()), markdown)
