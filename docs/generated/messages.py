"""Every error that is raised on purpose, found in the code: its class, what that means, and the sentences it is made with.

A sentence is shown as it stands in the code, with what a run fills in between ‹ and ›.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("flows", "schemas", "transforms", "warehouse")
PLAYED = "tests/fakes/"
"""The stand-in for publishers' servers: its errors are part of the play."""
IN_PARTS = {
    "FileRefused": "{0}, {1}: expected {2}, found {3}; {4}.",
    "HandKeptFault": "{0}, line {1}, column {2}: expected {3}, found {4}; {5}.",
    "SourceError": "{0}: expected {1}, got {2}; {3}.",
}
"""How the classes that take a message in parts put them together; what descends from them does the same."""


@dataclass
class Fault:
    """A class of errors. `said` holds (file, sentence) for every place where one is made with words of its own."""

    name: str
    base: str
    file: str
    meaning: str
    said: list[tuple[str, str]] = field(default_factory=list)


@cache
def faults() -> dict[str, Fault]:
    """All classes of errors that the product declares, by name."""
    trees = {path: ast.parse((ROOT / path).read_text()) for path in sources()}
    classes = [(path, node) for path, tree in trees.items() for node in tree.body if isinstance(node, ast.ClassDef)]
    found = {
        node.name: Fault(node.name, ast.unparse(node.bases[0]), path, ast.get_docstring(node) or "")
        for path, node in classes
        if node.bases and not node.name.startswith("_")
    }
    kept = {name: fault for name, fault in found.items() if lineage(fault, found)[-1] in ("Exception", "ValueError")}
    for path, tree in trees.items():
        for name, sentence in sentences(tree, kept):
            kept[name].said.append((path, sentence))
    return kept


def sources() -> list[str]:
    """The files of the product, named from the project's folder."""
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    names = [path.relative_to(ROOT).as_posix() for path in paths]
    return [name for name in names if not name.startswith(PLAYED)]


def lineage(fault: Fault, known: dict[str, Fault]) -> list[str]:
    """The class and what it descends from, up to the first that is not declared here."""
    names = [fault.name, fault.base]
    while names[-1] in known:
        names.append(known[names[-1]].base)
    return names


def sentences(tree: ast.Module, known: dict[str, Fault]) -> Iterator[tuple[str, str]]:
    """(class, sentence) for every call in a file that makes an error."""
    constants = assigned(tree.body)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for function in functions:
        names = constants | assigned([node for node in ast.walk(function) if isinstance(node, ast.stmt)])
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            name = ast.unparse(call.func).rpartition(".")[2]
            if name in known:
                sentence = said_by(call, lineage(known[name], known), names)
                if sentence:
                    yield name, sentence


def assigned(body: list[ast.stmt]) -> dict[str, ast.expr]:
    """Name -> what it was set to, where that happens once."""
    found: dict[str, list[ast.expr]] = {}
    for node in body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.setdefault(node.targets[0].id, []).append(node.value)
    return {name: values[0] for name, values in found.items() if len(values) == 1}


def said_by(call: ast.Call, names: list[str], known: dict[str, ast.expr]) -> str:
    """The sentence of one error; empty where it is handed on from elsewhere."""
    given = [words(argument, known) for argument in call.args]
    template = next((IN_PARTS[name] for name in names if name in IN_PARTS), "{0}")
    if len(given) < template.count("{"):
        return ""
    sentence = template.format(*given)
    return sentence if any(letter.isalpha() for letter in without_blanks(sentence)) else ""


def without_blanks(sentence: str) -> str:
    """What is left when all that a run fills in is taken out."""
    return "".join(part.partition("›")[2] if "›" in part else part for part in sentence.split("‹"))


def words(node: ast.expr, known: dict[str, ast.expr]) -> str:
    """An expression as a reader sees it: text as it is, what a run fills in between ‹ and ›."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(words(part, known) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return words(node.value, known)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return words(node.left, known) + words(node.right, known)
    if isinstance(node, ast.IfExp):
        either = [words(one, known) for one in (node.body, node.orelse)]
        return " or ".join(one for one in either if one)
    if isinstance(node, ast.Name) and node.id in known and is_text(known[node.id]):
        return words(known[node.id], {name: value for name, value in known.items() if name != node.id})
    return f"‹{blank(node)}›"


def is_text(node: ast.expr) -> bool:
    """Was it written as words?"""
    return (
        isinstance(node, ast.JoinedStr)
        or (isinstance(node, ast.Constant) and isinstance(node.value, str))
        or (isinstance(node, ast.BinOp) and is_text(node.left))
    )


def blank(node: ast.expr) -> str:
    """A short name for what is filled in."""
    if isinstance(node, ast.Call):
        return blank(node.args[0]) if node.args else blank(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr.replace("_", " ")
    if isinstance(node, ast.Name):
        return node.id.replace("_", " ")
    return "..."
