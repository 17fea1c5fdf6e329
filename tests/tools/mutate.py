"""Break the laws on purpose and see whether a test notices: `python -m tests.tools.mutate [LAW ...] [--ways N] [--seed S]`.

A law is a file of code with the smallest tests that guard it. Each mutant changes one thing in a copy of the code: a comparison, a sign,
a smallest for a largest, a constant, a condition turned round or left out. The tests run until the first failure, in a process that is
forked with all other packages loaded. A mutant that no test notices is a missing test, or is in `EQUIVALENT` with the reason.
"""

import argparse
import ast
import importlib
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from random import Random

REPO = Path(__file__).resolve().parents[2]
OURS = ("flows", "schemas", "transforms", "warehouse", "tests")
LOADED = (
    "duckdb",
    "hypothesis",
    "numpy",
    "openpyxl",
    "pandas",
    "pandera.pandas",
    "pyarrow.parquet",
    "pydantic_settings",
    "pytest",
    "requests",
    "typer",
)
MOST_S = 300
"""A mutant that runs for longer is not judged: it may turn for ever, or the machine may be busy."""

BOUNDS = "tests/unit/test_bounds.py"
FOLD = "tests/integration/test_fold.py"
GATE = ("tests/integration/test_gate.py", "tests/integration/test_confirmation.py")
PUBLISH = "tests/integration/test_publish.py"
SNAPSHOT = "tests/integration/test_snapshot.py"
LAWS: dict[str, tuple[str, tuple[str, ...]]] = {
    "bounds": (
        "transforms/bounds.py",
        (
            f"{BOUNDS}::test_groups_do_not_touch_each_other",
            f"{BOUNDS}::test_a_ratio_of_nothing_has_no_bounds",
            f"{BOUNDS}::test_a_line_that_contradicts_itself_keeps_what_it_prints",
            f"{BOUNDS}::test_ratio_bounds_are_exact",
            f"{BOUNDS}::test_box_points_hold_every_truth_and_nothing_more",
        ),
    ),
    "fold": (
        "warehouse/build/sql/steps/50_fold.sql",
        (
            f"{FOLD}::test_arrivals_as_the_words_say_them",
            f"{FOLD}::test_a_file_without_a_value_for_a_kind_of_entity_ends_what_was_said_of_it",
            f"{FOLD}::test_a_value_of_the_register_replaces_only_itself",
            f"{FOLD}::test_a_count_a_ratio_without_a_whole_and_bounds_that_are_rounded_outwards",
            f"{FOLD}::test_the_fold_is_what_a_dictionary_would_say",
        ),
    ),
    "gate": (
        "flows/ingest/gate.py",
        (*GATE, "-k", "not in_the_warehouse and not reviewed and not command and not zip"),
    ),
    "versions": (
        "flows/ingest/version_checks.py",
        (*GATE, "-k", "not in_the_warehouse and not reviewed and not command and not zip"),
    ),
    "publish": (
        "warehouse/release/publish.py",
        (PUBLISH, "-k", "not feed and not code_that and not order_of_retrieval and not readers"),
    ),
    "snapshot": ("warehouse/release/snapshots.py", (SNAPSHOT,)),
}
"""Name -> the file that is broken, and the tests that must notice."""

EQUIVALENT: dict[tuple[str, str, str], str] = {
    ("bounds", "candidates = np.flatnonzero(gain >= best[line_of] - 1e-12)", "GtE -> Gt at 36"): (
        "no gain lies on the very edge of the tolerance"
    ),
    ("bounds", 'for name, sign in (("low", -1.0), ("high", 1.0))', "1.0 -> 2.0 at 36"): (
        "all gains are twice as large, and the largest is the same one"
    ),
    ("bounds", "return pd.concat(frames, ignore_index=True).drop_duplicates()", "True -> False at 42"): (
        "rows are read by their columns, never by their index"
    ),
    (
        "fold",
        "JOIN (SELECT DISTINCT indicator_id, method_version, period_start, period_end, entity_level FROM core.candidate)",
        "DISTINCT -> nothing at 22",
    ): "the UNION around it takes doubles out; it saves work only",
    ("fold", "UNION ALL", "UNION ALL -> UNION at 1"): "no two rows of the input are alike",
}
"""(law, the line, what was changed) -> why it says the same, so that no test can tell."""

SWAPS: dict[type, type] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div,
}  # fmt: skip
NAMES = {"min": "max", "minimum": "maximum", "any": "all", "floor": "ceil", "lead": "lag"}
NAMES |= {new: old for old, new in NAMES.items()}
SQL = (
    (r"<=", "<"), (r"(?<![<>])<(?![=>])", "<="), (r">=", ">"), (r"(?<![<>])>(?!=)", ">="), (r"<>", "="),
    (r"(?<![<>=!:])=(?![=>])", "<>"), (r"\bAND\b", "OR"), (r"\bOR\b", "AND"), (r"\bNOT\b ?", ""), (r"\bIS NULL\b", "IS NOT NULL"),
    (r"\+", "-"), (r"(?<=\w) - (?=\w)", " + "), (r"(?<=\w) \* (?=\w)", " / "), (r"\bUNION ALL\b", "UNION"),
    (r"\bDISTINCT\b ?", ""), (r"\bSEMI JOIN\b", "ANTI JOIN"), (r"\bPARTITION BY\b.*?(?=ORDER BY|\))", ""),
    *((rf"\b{old}\(", f"{new}(") for old, new in NAMES.items()),
)  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change: what kind, on which line, and the whole text with it."""

    kind: str
    number: int
    line: str
    what: str
    text: str


@dataclass(frozen=True)
class Tried:
    """What became of a mutant: `noticed`, `survived`, `equivalent`, or `too slow` to be judged."""

    law: str
    mutant: Mutant
    outcome: str
    seconds: float


def sql_mutants(text: str) -> Iterator[Mutant]:
    """Every change of a script; comments and strings are left alone."""
    bare = re.sub(r"--[^\n]*|'[^']*'", lambda found: " " * len(found[0]), text)
    changes = [(found, new, pattern) for pattern, new in SQL for found in re.finditer(pattern, bare)]
    changes += [(found, str(int(found[0]) + 1), "constant") for found in re.finditer(r"(?<![\w.])\d+(?![\w.])", bare)]
    for found, new, kind in changes:
        number = text.count("\n", 0, found.start()) + 1
        what = f"{text[found.start() : found.end()].strip()} -> {new.strip() or 'nothing'} at {found.start() - text.rfind(chr(10), 0, found.start())}"
        changed = text[: found.start()] + new + text[found.end() :]
        yield Mutant(kind, number, text.splitlines()[number - 1].strip(), what, changed)


def python_mutants(text: str) -> Iterator[Mutant]:
    """Every change of a module; messages, annotations and what is raised are left alone."""
    nodes = [*ast.walk(ast.parse(text))]
    silent = {
        id(inner)
        for node in nodes
        for part in (
            [node]
            if isinstance(node, ast.JoinedStr | ast.Raise | ast.Assert)
            else [
                getattr(node, "annotation", None),
                getattr(node, "returns", None),
                *getattr(node, "decorator_list", ()),
            ]
        )
        if part
        for inner in ast.walk(part)
    }
    for at, node in enumerate(nodes):
        if id(node) in silent:
            continue
        for kind, what, change in changes_of(node):
            tree = ast.parse(text)
            change([*ast.walk(tree)][at])
            number = node.lineno
            yield Mutant(
                kind,
                number,
                text.splitlines()[number - 1].strip(),
                f"{what} at {node.col_offset}",
                ast.unparse(ast.fix_missing_locations(tree)),
            )


def changes_of(node: ast.AST) -> Iterator[tuple[str, str, Callable[[ast.AST], None]]]:
    """(kind, what, how) of every change of a node."""

    def put(name: str, value: object) -> Callable[[ast.AST], None]:
        return lambda target: setattr(target, name, value)

    def negate(name: str) -> Callable[[ast.AST], None]:
        return lambda target: setattr(target, name, ast.UnaryOp(ast.Not(), getattr(target, name)))

    def drop(target: ast.AST) -> None:
        target.values.pop()

    match node:
        case ast.Compare(ops=[op]) if type(op) in SWAPS:
            yield (
                type(op).__name__,
                f"{type(op).__name__} -> {SWAPS[type(op)].__name__}",
                put("ops", [SWAPS[type(op)]()]),
            )
        case ast.BoolOp(op=op, values=values):
            yield "bool", f"{type(op).__name__} -> {SWAPS[type(op)].__name__}", put("op", SWAPS[type(op)]())
            yield "drop", f"without {ast.unparse(values[-1])}", drop
        case ast.BinOp(op=op) if type(op) in SWAPS:
            yield "sign", f"{type(op).__name__} -> {SWAPS[type(op)].__name__}", put("op", SWAPS[type(op)]())
        case ast.If(test=test) | ast.IfExp(test=test):
            yield "if", f"not ({ast.unparse(test)})", negate("test")
            yield "dropped", f"always, not if {ast.unparse(test)}", put("test", ast.Constant(True))
        case ast.Name(id=name) if name in NAMES:
            yield "name", f"{name} -> {NAMES[name]}", put("id", NAMES[name])
        case ast.Attribute(attr=name) if name in NAMES:
            yield "name", f"{name} -> {NAMES[name]}", put("attr", NAMES[name])
        case ast.Constant(value=bool(value)):
            yield "flag", f"{value} -> {not value}", put("value", not value)
        case ast.Constant(value=int(value) | float(value)):
            yield "constant", f"{value} -> {value + 1}", put("value", value + 1)


def chosen(path: Path, ways: int, seed: int) -> list[Mutant]:
    """So many mutants of a file, of as many kinds as there are."""
    text = path.read_text(encoding="utf-8")
    kinds: dict[str, list[Mutant]] = {}
    for mutant in (sql_mutants if path.suffix == ".sql" else python_mutants)(text):
        kinds.setdefault(mutant.kind, []).append(mutant)
    for kind in kinds.values():
        Random(seed).shuffle(kind)
    return [mutant for turn in zip_longest(*kinds.values()) for mutant in turn if mutant][:ways]


def copy_of_the_code() -> Path:
    """The packages and tests in a folder of their own, where they may be broken."""
    folder = Path(tempfile.mkdtemp(prefix="sectorakkoord-mutants-"))
    left_out = shutil.ignore_patterns("__pycache__", "data")
    for name in OURS:
        shutil.copytree(REPO / name, folder / name, ignore=left_out)
    shutil.copy(REPO / "pyproject.toml", folder)
    return folder


def passes(folder: Path, tests: tuple[str, ...], log: Path) -> bool | None:
    """Do the tests pass in that folder? None after MOST_S. In a fork: everything but our own packages is loaded already."""
    child = os.fork()
    if not child:
        os.setsid()
        with log.open("w") as out:
            os.dup2(out.fileno(), 1)
            os.dup2(out.fileno(), 2)
        os.chdir(folder)
        os.environ["PYTHONPATH"], sys.dont_write_bytecode = str(folder), True
        sys.path[:] = [str(folder), *(one for one in sys.path if one not in ("", str(REPO)))]
        for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
            del sys.modules[name]
        pytest, hypothesis = importlib.import_module("pytest"), importlib.import_module("hypothesis")
        # The same examples every time, no deadline on a busy machine, and no search for the smallest one that fails.
        phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
        hypothesis.settings.register_profile(
            "mutants", deadline=None, derandomize=True, database=None, phases=phases, max_examples=40
        )
        hypothesis.settings.load_profile("mutants")
        os._exit(pytest.main(["-q", "-x", "-p", "no:cacheprovider", "--basetemp", str(folder / "tmp"), *tests]))
    until = time.monotonic() + MOST_S
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            with suppress(ProcessLookupError):  # what a test left running
                os.killpg(child, signal.SIGKILL)
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def run(laws: tuple[str, ...] = tuple(LAWS), ways: int = 12, seed: int = 1) -> list[Tried]:
    """Break each law in so many ways. RuntimeError where its tests fail without any change."""
    for name in LOADED:
        importlib.import_module(name)
    folder, tried = copy_of_the_code(), []
    try:
        for law in laws:
            name, tests = LAWS[law]
            path, log = folder / name, folder / "log.txt"
            whole = path.read_text(encoding="utf-8")
            if not passes(folder, tests, log):
                raise RuntimeError(f"{law}: its tests fail as it is\n{log.read_text()[-2000:]}")
            for mutant in chosen(path, ways, seed):
                path.write_text(mutant.text, encoding="utf-8")
                started = time.monotonic()
                passed = passes(folder, tests, log)
                same = (law, mutant.line, mutant.what) in EQUIVALENT
                outcome = (
                    "too slow" if passed is None else "noticed" if not passed else "equivalent" if same else "survived"
                )
                tried.append(Tried(law, mutant, outcome, time.monotonic() - started))
                print(f"{outcome:<10} {law} line {mutant.number}: {mutant.what} | {mutant.line}", flush=True)
            path.write_text(whole, encoding="utf-8")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return tried


def share(tried: list[Tried]) -> str:
    """The share noticed, of those that were judged and say something else."""
    told = [one.outcome for one in tried if one.outcome in ("noticed", "survived")]
    return f"{told.count('noticed')} of {len(told)} ({told.count('noticed') / max(len(told), 1):.0%})"


def main() -> int:
    """Print the shares; 1 where one survives."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.tools.mutate", description="Which broken laws do tests notice?"
    )
    parser.add_argument("laws", nargs="*", metavar="LAW", help=f"all, or some of: {', '.join(LAWS)}")
    parser.add_argument("--ways", type=int, default=12, help="mutants per law")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    tried = run(tuple(options.laws) or tuple(LAWS), options.ways, options.seed)
    for law in dict.fromkeys(one.law for one in tried):
        print(f"{law:<10} noticed {share([one for one in tried if one.law == law])}")
    print(f"{'all':<10} noticed {share(tried)}, {sum(one.seconds for one in tried):.0f} s")
    return int(any(one.outcome == "survived" for one in tried))


if __name__ == "__main__":
    sys.exit(main())
