"""G11 Professional development: context from schools. Teaching posts by salary scale (functiemix).

    functiemix_pct(scale) = 100 * sum(teachers in fte * share in the scale) / sum(teachers in fte)

Unit: percent of all teaching posts; breakdown = scale (lb, lc, ld). Source: DUO functiemix per school, secondary
education only. The shares are printed per school and are weighted with its teachers, so that boards and the country
are ratios of sums. A salary scale is not development, and development at school level is in no open file: context,
never a verdict. The lessons by qualification (IPTO) are published values in the register, with the conflict about
their reference date kept.
"""

from transforms.series import BOARD, NATIONAL, SCHOOL, Series, counts_for, select

DATASET = "duo_functiemix_instellingen"


def scale_share(scale: str) -> str:
    """The contributions of one salary scale."""
    share = f"scale_{scale}_pct"
    return select(
        DATASET,
        f"teachers_fte * {share} / 100",
        "teachers_fte",
        unit=counts_for(SCHOOL, BOARD, NATIONAL),
        breakdown=f"'{scale}'",
        where=f"sector = 'VO' AND teachers_fte > 0 AND {share} IS NOT NULL",
    )


SERIES = [
    Series(
        "g11_functiemix_pct",
        "bottom_up_functiemix",
        DATASET,
        " UNION ALL ".join(scale_share(scale) for scale in ("lb", "lc", "ld")),
    )
]
