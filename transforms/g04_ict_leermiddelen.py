"""G04 ICT and learning materials: nothing to compute. No official indicator, base or target, and no open figures.

What there is: evidence in the register, and the view `international_waves` (ICILS: the Netherlands took part in 2013
and 2023, so no wave inside 2018-2020). Figures on ICT use in 2020 measure emergency distance teaching.
"""
