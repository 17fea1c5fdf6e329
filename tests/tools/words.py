"""Retired words and phrases: terms of our own that the field has other names for (docs/glossary.md), and what was replaced in the
texts that people read. Part of `make check`.

`python -m tests.tools.words` names each place; the glossary says what to write instead.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
SEARCHED = ("flows", "schemas", "transforms", "warehouse", "docs", "notebooks", "README.md", "CONTRIBUTING.md")
ENDINGS = {".py", ".sql", ".md", ".html"}
INSTEAD = {
    r"told|tells?|telling": "report, record, emit, name, show",
    r"way_?outs?|way out|ways out|way_outs?": "hint",
    r"knock\w*": "check_reachable",
    r"(?:the|one|a) doors?": "HttpClient",
    r"heals?|healing|may_heal": "is_transient, retry",
    r"unseen|on_step|OnStep": "no_progress, progress, ProgressCallback",
    r"kept aside": "refused, quarantined",
    r"could not be had": "could not be downloaded",
    r"how-manieth": "sequence number",
    r"the rooms": "package",
    r"(?:both|two|either|this|real) worlds?": "real and synthetic data",
    r"stand-in|the double": "fake publishers",
    r"overtaken": "ConcurrentPublish",
    r"our_turn": "publish_slot",
    r"in_place|InPlace": "current release",
    r"(?<!/)atoms?": "contribution",
    r"lanes?": "host state",
    r"pour(?:ed|s)?": "stream",
    r"take_in|(?<!for )taken in|takes in|take in": "ingest",
}
PHRASES = {
    r"faint (?:dot|point)|vaag punt": "grey dot, grijs punt",
    r"what there is stands": "what we do have is shown",
    r"(?:carr(?:y|ies)|carried) (?:a|no) verdict|(?:draagt|dragen) (?:nooit |geen |nog geen )?(?:een )?oordeel": "support a verdict, baseren op",
    r"1 pieces|pieces? of evidence|bewijsstuk(?:ken)?": "finding, source; bevinding, bron",
    r"promotion was eased": "pupils were promoted more easily",
    r"half (?:gemeten|measured)": "deels gemeten, partly measured",
    r"nagezien": "gecontroleerd",
    r"uitgevers?": "bronhouder: een uitgever is een uitgeverij",
    r"indirecte? ma(?:at|ten)": "indirecte indicatoren",
    r"wat wanneer te zeggen": "wat er op welk moment bekend was",
    r"niet leesbaar|not readable in our sources": "niet beschikbaar, not available in the sources we could consult",
    r"met landelijke betekenis": "landelijk cijfer",
    r"plaats tussen de|het midden is": "positie onder de, mediaan",
    r"hoeveel er zo hoog|how many lie at": "verdeling van, distribution of",
    r"band met corona|band marked": "coronajaar, Covid years",
}
"""Phrases that were replaced after reading the pages aloud, in either language."""
SHOWN = (
    "warehouse/text/*.po",
    "warehouse/report/templates/*.html",
    "warehouse/register/seeds/*.csv",
    "docs/lezers.md",
    "docs/index.md",
)
"""Where people's texts stand."""
READ = re.compile("|".join(rf"\b(?:{words})\b" for words in PHRASES), re.IGNORECASE)
PATTERN = re.compile("|".join(rf"(?P<w{at}>\b(?:{words})\b)" for at, words in enumerate(INSTEAD)))


def places(repo: Path = REPO) -> Iterator[tuple[str, int, str, str]]:
    """(file, line, retired word, what to write instead) for every retired word in code and documentation."""
    listed = subprocess.run(["git", "ls-files", *SEARCHED], cwd=repo, capture_output=True, text=True, check=True)
    advice = list(INSTEAD.values())
    for name in listed.stdout.split():
        path = repo / name
        if path.suffix not in ENDINGS or name in ("docs/glossary.md", "docs/analyst/dictionary.md"):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for found in PATTERN.finditer(line):
                at = next(int(group[1:]) for group, text in found.groupdict().items() if text)
                yield name, number, found[0], advice[at]


def phrases(repo: Path = REPO) -> Iterator[tuple[str, int, str, str]]:
    """The same for every retired phrase in what people read."""
    for path in (path for pattern in SHOWN for path in repo.glob(pattern)):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for found in READ.finditer(line):
                advice = next(say for words, say in PHRASES.items() if re.fullmatch(words, found[0], re.IGNORECASE))
                yield str(path.relative_to(repo)), number, found[0], advice


def main() -> int:
    """Print every place; 1 when there is one."""
    found = [*places(), *phrases()]
    for name, number, word, advice in found:
        print(f"{name}, line {number}: retired word {word!r}; write {advice}.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
