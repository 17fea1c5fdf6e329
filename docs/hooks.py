"""What mkdocs does besides reading pages: fills in what is generated.

A page holds `<!-- generated: NAME ARGUMENTS -->` where the text of `docs.generated.NAME` belongs, so that no fact that
stands in the code or in the database is written down twice.
"""

import re
from typing import Any

from docs.generated import GENERATORS

MARK = re.compile(r"<!-- generated: (?P<name>\w+)(?P<arguments>[^>]*?) -->")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """The page with everything generated in its place. Raises KeyError for a name that generates nothing."""
    return MARK.sub(lambda mark: GENERATORS[mark["name"]](*mark["arguments"].split()), markdown)
