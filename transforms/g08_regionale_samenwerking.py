"""G08 Regional cooperation: context only. Pupils on 1 October, from school files.

    leerlingen_n = sum of all counts by leerjaar and sex

Unit: pupils. Source: DUO 01, which includes praktijkonderwijs and pupils placed with VAVO. A falling number says how
much a region is exposed to shrinkage; it says nothing about cooperation and is never progress.
"""

from transforms.series import Series, hidden_cells, select

CELLS = [f"year{leerjaar}_{sex}_n" for leerjaar in range(1, 7) for sex in ("m", "f")]

SERIES = [
    Series(
        "g08_leerlingen_n",
        "bottom_up_bestand_01",
        "duo_01_leerlingen",
        select(
            "duo_01_leerlingen",
            " + ".join(f"coalesce({cell}, 0)" for cell in CELLS),
            hidden=(hidden_cells(*CELLS), "0"),
        ),
        scale=1.0,
    )
]
