"""G09 Places at training schools: published values only, national, in the register (method `gepubliceerd`).

    increase = places - 6009        target: 2200 at least, 4000 if possible, so 8209 to 10009 places in all

Unit: funded places per school year; higher is better; label Y is the school year that ends in Y. No open file gives
places per board. The minimum was reached in 2017-2018, before the agreement; part of the growth is aspirant schools
that moved to regular funding, which is no growth (flag reclassification).
"""
