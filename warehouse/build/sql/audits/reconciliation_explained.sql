-- What school files give and what was published agree to the printed precision, or the register says what was found about the
-- difference and how large it may be. Made-up schools are not compared with real figures.
SELECT indicator_id, breakdown, period_label, published_value, bottom_up_low, bottom_up_high, gap,
       'find out why, then tell it in warehouse/register/seeds/explained_difference.csv (max_difference above ' || round(gap, 3) || ') and refresh again, or withdraw a wrong file with `sectorakkoord withdraw`' AS way_out
FROM reconciliation WHERE outcome = 'unexplained';
