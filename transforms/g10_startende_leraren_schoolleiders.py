"""G10 Induction of starting teachers and school leaders: published survey values only, in the register.

    starters_begeleid_pct = 100 * teachers who report an induction programme / responding starting teachers

Unit: percent, national; higher is better; the label may be the year of the survey. A sample of recent graduates:
self-report, without career changers, and no measure of effect. On starting school leaders, half of the goal, there is
no figure at all (flag half_measured).
"""
