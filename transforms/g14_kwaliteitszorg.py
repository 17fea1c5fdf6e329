"""G14 Quality assurance: what would be computed, and why it is not yet.

    kwaliteitszorg_voldoende_pct = 100 * boards judged sufficient or good on quality assurance / boards judged
    coverage                     = boards judged / boards

Unit: percent of boards judged, per inspection year (1 September to 31 August). Source would be the Inspectorate's
files with scores per standard; their columns are in none of our sources, so no dataset is declared and no series
made.

Each board is judged once in four years, risks first: other years are other boards. Their difference is no change: the
break `different_boards` in the register takes it out of `progress`, and the audit `not_a_trend` guards that.
"""
