"""G07 Citizenship: nothing to compute. No official indicator or target.

What there is: evidence in the register, and the view `international_waves` (ICCS in 2009, 2016 and 2022: no wave inside
2018-2020; a Dutch measurement of 2020 at 37 schools, of which no results are readable in our sources).
"""
