"""One series when one method has both years; otherwise the reason, or both series beside each other."""

from datetime import date

import duckdb
import pytest

from tests.helpers import tiny_05, tiny_warehouse


@pytest.fixture(scope="module")
def con(tmp_path_factory):
    name = "05-zittenblijvers-niveau-vestiging-2017-2018-tov-2018-2019.csv"
    files = [(name, tiny_05([("02BB00", 1000, 62)]), date(2020, 1, 1))]
    con = tiny_warehouse(tmp_path_factory.mktemp("breaks"), files)
    yield con
    con.close()


def test_one_method_with_both_years_is_one_series(con):
    rows = con.execute("SELECT DISTINCT method_version FROM comparable('g02_zittenblijf_pct', 2018, 2020)").fetchall()
    assert rows == [("excl_nieuwkomers",)]
    years = con.execute("SELECT year, value FROM comparable('g02_zittenblijf_pct', 2018, 2020)").fetchall()
    assert years == [(2018, 5.71), (2019, 5.91), (2020, 3.32)]


def test_no_common_method_fails_with_the_break_and_the_way_out(con):
    with pytest.raises(duckdb.Error) as raised:
        con.execute("FROM comparable('g06_vsv_pct', 2016, 2019)").fetchall()
    told = str(raised.value)
    assert "no method version of g06_vsv_pct has a value in both 2016 and 2019" in told
    assert "tot_2015_2016 has 2016-2016, vanaf_2016_2017 has 2018-2019" in told
    assert "Break BR-G06-VSV-2017-PCT (2017-10-01)" in told
    assert "both_series('g06_vsv_pct', 2016, 2019)" in told


def test_it_fails_also_when_only_counted(con):
    with pytest.raises(duckdb.Error, match="no method version"):
        con.execute("SELECT count(*) FROM comparable('g02_zittenblijf_pct', 1990, 2020)").fetchone()


def test_an_unknown_indicator_is_named(con):
    with pytest.raises(duckdb.Error, match="there is no indicator g02_zitten"):
        con.execute("FROM comparable('g02_zitten', 2018, 2020)").fetchall()


def test_both_series_stand_beside_each_other_with_the_break(con):
    rows = con.execute(
        """SELECT DISTINCT method_version, has_both_years, break_ids FROM both_series('g06_vsv_pct', 2016, 2019)
        ORDER BY ALL"""
    ).fetchall()
    methods = ("cbs_71300ned", "cbs_84782ned", "tot_2015_2016", "vanaf_2016_2017")
    assert rows == [(method, False, ["BR-G06-VSV-2017-PCT"]) for method in methods]
