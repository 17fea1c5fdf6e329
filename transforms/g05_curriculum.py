"""G05 Curriculum: nothing to compute. No official indicator or target, and no open figures for 2018 to 2020.

What there is: evidence in the register. Numbers of teachers and schools that were asked to take part cover primary and
secondary education together and are no measure of what schools did.
"""
