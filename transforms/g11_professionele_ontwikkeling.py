"""G11 Professional development: context from schools. Teaching posts by salary scale (functiemix).

    functiemix_pct(scale) = 100 * sum(teachers in fte * share in the scale) / sum(teachers in fte)

Unit: percent of all teaching posts; breakdown = scale (lb, lc, ld). Source: DUO functiemix per school, secondary
education only. The shares are printed per school and are weighted with its teachers, so that boards and the country
are ratios of sums. A salary scale is not development, and development at school level is in no open file: context,
never a verdict. The lessons by qualification (IPTO) are published values in the register.
"""

from transforms.series import BOARD, NATIONAL, SCHOOL, Series, counts_for, select

DATASET = "duo_functiemix_instellingen"


SCALES = ", ".join(f"coalesce(scale_{scale}_pct, 0)" for scale in ("la", "lb", "lc", "ld", "le", "other"))
OTHERS_ARE_ALL = f"list_sum([{SCALES}]) BETWEEN 99.5 AND 100.5"
"""A blank share is none only where the other scales hold all teachers; else the school has no share in that scale."""


def scale_share(scale: str) -> str:
    """The contributions of one salary scale."""
    share = f"scale_{scale}_pct"
    return select(
        DATASET,
        f"teachers_fte * coalesce({share}, 0) / 100",
        "teachers_fte",
        unit=counts_for(SCHOOL, BOARD, NATIONAL),
        breakdown=f"'{scale}'",
        where=f"sector = 'VO' AND teachers_fte > 0 AND ({share} IS NOT NULL OR {OTHERS_ARE_ALL})",
    )


SERIES = [
    Series(
        "g11_functiemix_pct",
        "bottom_up_functiemix",
        DATASET,
        " UNION ALL ".join(scale_share(scale) for scale in ("lb", "lc", "ld")),
    )
]
