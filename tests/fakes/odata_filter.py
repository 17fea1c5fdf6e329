"""The part of OData's `$filter` that clients use here: eq, trim, startswith, substringof, contains, and, or."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

Row = Mapping[str, object]
Test = Callable[[Row], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<paren>[()])"
    r"|trim\((?P<trimmed>\w+)\)\s+eq\s+'(?P<trimmed_to>(?:[^']|'')*)'"
    r"|(?P<function>startswith|endswith|contains)\((?P<of>\w+),\s*'(?P<text>(?:[^']|'')*)'\)"
    r"|substringof\('(?P<part>(?:[^']|'')*)',\s*(?P<within>\w+)\)"
    r"|(?P<name>\w+)\s+eq\s+'(?P<value>(?:[^']|'')*)'"
    r"|(?P<word>and|or)\b)"
)


class FilterError(ValueError):
    """A filter outside this grammar: the publisher would answer 400."""


def parse(text: str) -> Test:
    """A predicate on a row. `and` binds stronger than `or`, as in OData."""
    tokens, place = [], 0
    while place < len(text.rstrip()):
        match = _TOKEN.match(text, place)
        if not match:
            raise FilterError(text[place:])
        tokens.append(match)
        place = match.end()
    test, rest = _either(tokens)
    if rest:
        raise FilterError(text)
    return test


def _either(tokens: list[re.Match[str]]) -> tuple[Test, list[re.Match[str]]]:
    left, tokens = _both(tokens)
    tests = [left]
    while tokens and tokens[0]["word"] == "or":
        test, tokens = _both(tokens[1:])
        tests.append(test)
    return lambda row: any(test(row) for test in tests), tokens


def _both(tokens: list[re.Match[str]]) -> tuple[Test, list[re.Match[str]]]:
    left, tokens = _one(tokens)
    tests = [left]
    while tokens and tokens[0]["word"] == "and":
        test, tokens = _one(tokens[1:])
        tests.append(test)
    return lambda row: all(test(row) for test in tests), tokens


def _one(tokens: list[re.Match[str]]) -> tuple[Test, list[re.Match[str]]]:
    if not tokens:
        raise FilterError("ends too early")
    token, rest = tokens[0], tokens[1:]
    if token["paren"] == "(":
        test, rest = _either(rest)
        if not rest or rest[0]["paren"] != ")":
            raise FilterError("unclosed bracket")
        return test, rest[1:]
    if token["name"]:
        return _compare(token["name"], token["value"], lambda have, want: have == want), rest
    if token["trimmed"]:
        return _compare(token["trimmed"], token["trimmed_to"], lambda have, want: have.strip() == want), rest
    if token["within"]:
        return _compare(token["within"], token["part"], lambda have, want: want in have), rest
    functions = {"startswith": str.startswith, "endswith": str.endswith, "contains": str.__contains__}
    if token["function"]:
        return _compare(token["of"], token["text"], functions[token["function"]]), rest
    raise FilterError(token[0])


def _compare(name: str, quoted: str, test: Callable[[str, str], bool]) -> Test:
    want = quoted.replace("''", "'")
    return lambda row: test(str(row[name]), want)
