"""G15 Beyond basic quality: the share of secondary departments that the Inspectorate judged good.

    boven_basiskwaliteit_pct(total)    = 100 * departments judged Goed / all departments
    boven_basiskwaliteit_pct(onbekend) = 100 * departments without a current judgement / all departments

Unit: percent of departments (a school kind at a site) on one day. Source: the Inspectorate's judgements of 1
September 2018. A judgement of good is given on request, so who has none is unknown and not worse: `total` is a least
value, and the share of unknown stands beside it. The award excellent is not in the file. A proxy; one day, so no
trend.
"""

from transforms.series import Series, select

DATASET = "inspectie_oordelen_v02"
UNKNOWN = "judgement IN ('Geen oordeel', 'Zonder actueel oordeel')"


def share(condition: str, breakdown: str) -> str:
    """Departments for which `condition` holds, over all secondary departments."""
    return select(DATASET, f"({condition})::INT", "1", breakdown=f"'{breakdown}'", where="sector = 'VO'")


SERIES = [
    Series(
        "g15_boven_basiskwaliteit_pct",
        "bottom_up_oordelen",
        DATASET,
        share("judgement = 'Goed'", "total") + " UNION ALL " + share(UNKNOWN, "onbekend"),
    )
]
