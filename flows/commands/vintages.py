"""The command that lays a series as it stood on each vintage date side by side."""

from typing import Annotated

import typer

from flows.commands import output
from flows.commands.formats import FORMATS, chosen, print_rows
from flows.commands.sandbox import open_published

app_vintages = typer.Typer(pretty_exceptions_enable=False)
# The indicator is known to the register: a PIVOT, and so the names of its columns, takes no parameter.
WIDE = """
PIVOT (SELECT method_version, breakdown, period_label, period_end, vintage,
              coalesce(value::VARCHAR, value_low || ' .. ' || value_high) AS value FROM vintage_table('{indicator}'))
ON vintage USING any_value(value) GROUP BY method_version, breakdown, period_end, period_label
ORDER BY method_version, breakdown, period_end"""


@app_vintages.command()
def vintages(
    indicator: Annotated[str, typer.Argument(help="Indicator, such as g02_zittenblijf_pct.")],
    form: Annotated[
        str | None,
        typer.Option("--format", help="table, csv or markdown.", autocompletion=output.one_of(*FORMATS[:4])),
    ] = None,
    json: Annotated[
        bool, output.json_of("a list, a row per period and vintage with the columns of the macro vintage_table()")
    ] = False,
) -> None:
    """National values as known on each vintage date: a row per period, a column per date; low .. high where cells are hidden."""
    form = chosen(form)
    with open_published(output.data_directory()) as con:
        _, known = output.rows_of(con, "SELECT indicator_id FROM goals.indicator ORDER BY indicator_id")
        if (indicator,) not in known:
            hint = '`sectorakkoord sql "FROM goals.indicator"` lists them'
            raise typer.BadParameter(f"expected an indicator, found {indicator!r}; {hint}")
        if json or form == "json":
            names, rows = output.rows_of(con, "FROM vintage_table($indicator)", {"indicator": indicator})
            return output.print_json(output.as_records(names, rows))
        names, rows = output.rows_of(con, WIDE.format(indicator=indicator))
    # Of one day the end stands last, as it came.
    dates = sorted(names[4:], key=lambda name: (name[:10], len(name) == 10, name))
    shown = ["method_version", "breakdown", "period_label", *dates]
    print_rows(shown, [tuple(one[name] for name in shown) for one in output.as_records(names, rows)], form)
