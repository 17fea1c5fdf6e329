"""For the catalogue of errors: what a class of errors or an audit means, and every sentence or query that belongs to it."""

from docs.generated.messages import Fault, faults, lineage
from flows import exit_codes as exits
from warehouse.build.tables import SQL


def fault(name: str) -> str:
    """Exit code and meaning of a class of errors, and the sentences it is made with."""
    found = faults()[name]
    about = f"{first_paragraph(found.meaning)} {exit_of(found)}"
    said = list(dict.fromkeys(sentence for _, sentence in found.said))
    if not said:
        return about
    lines = "\n".join(f"    - {escaped(sentence)}" for sentence in said)
    return f'{about}\n\n??? quote "As it is said ({len(said)})"\n\n{lines}\n'


def exit_of(found: Fault) -> str:
    """The exit code that it ends a command with."""
    names = lineage(found, faults())
    codes = {kind.rpartition(".")[2]: code for kind, code in exits.FAULTS.items()}
    code = next((codes[name] for name in names if name in codes), None)
    return "" if code is None else f"*Exit code {code}.*"


def first_paragraph(text: str) -> str:
    """Up to the first empty line, as one line."""
    return " ".join(text.partition("\n\n")[0].split())


def escaped(sentence: str) -> str:
    """A sentence in Markdown: one line, its signs as they are."""
    return " ".join(sentence.split()).replace("<", "&lt;").replace("*", r"\*").replace("_", r"\_")


def audit(name: str) -> str:
    """What an audit looks for, in the words at the head of its file, and its query."""
    lines = (SQL / "audits" / f"{name}.sql").read_text().splitlines()
    words = " ".join(line.removeprefix("--").strip() for line in lines if line.startswith("--"))
    query = "\n".join(f"    {line}" for line in lines if not line.startswith("--"))
    return f'{words} *Exit code {exits.AUDIT}.*\n\n??? quote "The query, which must return no rows"\n\n    ```sql\n{query}\n    ```\n'


def audits() -> list[str]:
    """The names of all audits."""
    return sorted(path.stem for path in (SQL / "audits").glob("*.sql"))
