"""The quick ways of reading come to the results of the plain ones: whatever stands in a line, and whatever is wrong with a row."""

import random

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.dataset import Dialect
from schemas.datasets import dataset_for
from schemas.errors import FileRefused
from schemas.reading import check_rows, content, tokenise, validate
from schemas.reading.csv_reader import read_csv
from tests.oracles import cut_by_csv, validate_whole
from tests.tools.fuzz_mutations import MUTATIONS, Table
from warehouse.sample import FILES

PIECES = st.sampled_from(
    [
        "a",
        "1",
        "",
        " ",
        ";",
        ";",
        '"',
        '""',
        '"x"',
        '"x;y"',
        ';"',
        '";',
        '""""',
        "\n",
        "\r\n",
        "\r",
        "\x0c",
        "\u2028",
        "\ufeff",
        "é",
    ]
)
CELLS = st.sampled_from(["", "1", "a", '"q"', '"q;r"', '"q""r"', 'a"b', '"a"b', '"', " "])
LINES = st.lists(st.lists(CELLS, min_size=1, max_size=4).map(";".join), max_size=12).map("\n".join)


@settings(max_examples=300, deadline=None, database=None)
@given(st.one_of(st.lists(PIECES, max_size=40).map("".join), LINES), st.sampled_from([1, 8, 1 << 20]))
@example('1;2;3\n4;"5\n6;7;8', 8)
@example("1;2;3;\n4;5;6;\n;;\n7;8", 1)
def test_arrow_and_the_csv_module_cut_a_text_alike(body, block):
    text = "p;q;r\n" + body + "\n"
    expected = cut_by_csv.cut(text, ";")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokenise, "BLOCK", block)
        patch.setattr("schemas.reading.csv_reader.LINES_BELOW", 0)  # (no footnotes: they are not what is compared)
        try:
            table = read_csv("f.csv", text.encode(), "utf-8", Dialect())
        except FileRefused as refusal:
            assert "only a header" in str(refusal) and not expected[0] and not expected[2]
            return
    rows = [table.row(place) for place in range(len(table.lines))]
    assert (rows, table.lines.tolist(), [(line, why) for line, _, why in table.ragged]) == expected


@pytest.mark.parametrize("page", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_file_that_stays_on_disk_is_read_as_one_in_memory(page, tmp_path, monkeypatch):
    source = next(FILES.rglob("07*.csv"))
    header, *lines = source.read_bytes().decode("cp1252").splitlines()
    text = "\r\n".join([header, *lines[:200], lines[0] + ";x", *lines[200:300], "é;" * 9, 'a"b']) + "\r\n"
    path = tmp_path / source.name
    path.write_bytes(text.encode(page))
    dataset = dataset_for(path.name)
    forgiving = type("Forgiving", (dataset,), {"max_rejected_share": 1.0})
    in_memory = validate.parse_file(forgiving, path.name, path.read_bytes())
    monkeypatch.setattr(content, "MAPPED", 1)
    monkeypatch.setattr(content, "BLOCK", 1000)
    monkeypatch.setattr("schemas.reading.text_lines.LARGE", 0)
    mapped = content.content_of(path)
    assert not isinstance(mapped, bytes)
    on_disk = validate.parse_file(forgiving, path.name, mapped)
    assert len(in_memory.quarantine) == 3 and in_memory.encoding == on_disk.encoding == page
    pd.testing.assert_frame_equal(in_memory.rows, on_disk.rows)
    pd.testing.assert_frame_equal(in_memory.quarantine, on_disk.quarantine)


@pytest.mark.parametrize("path", sorted(FILES.rglob("*.csv")), ids=lambda path: path.name)
def test_pandera_says_of_all_rows_what_the_shortcuts_say(path, monkeypatch):
    dataset = dataset_for(path.name)
    if dataset is None:
        pytest.skip("no file of a dataset")
    forgiving = type("Forgiving", (dataset,), {"max_rejected_share": 1.0})
    table = Table.read(path.read_bytes(), dataset.dialect.delimiter).shortened(60)
    quick = check_rows.check_rows
    compared = []

    def both(dataset, rows):
        found = quick(dataset, rows)
        pd.testing.assert_frame_equal(found, validate_whole.check_rows(dataset, rows))
        compared.append(len(found))
        return found

    monkeypatch.setattr(validate, "check_rows", both)
    chance = random.Random(path.name)
    for mutate in chance.sample(list(MUTATIONS.values()), 8):
        try:
            validate.parse_file(forgiving, path.name, mutate(table, chance))
        except FileRefused:
            continue
    assert compared
