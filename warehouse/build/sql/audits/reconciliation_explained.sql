-- What school files give and what was published agree to the printed precision, or the register says what was found about the
-- difference and how large it may be. Made-up schools are not compared with real figures.
SELECT indicator_id, breakdown, period_label, published_value, bottom_up_low, bottom_up_high, gap,
       'find out why, then record it in warehouse/register/seeds/explained_difference.csv (max_difference above ' || round(gap, 3) || ') and refresh again, or withdraw a wrong file with `sectorakkoord withdraw`' AS hint,
       (SELECT any_value(source_file_ids[1]) FROM goals.observation AS o
        WHERE o.indicator_id = found.indicator_id AND o.method_version = found.bottom_up_method AND o.entity_level = 'national'
          AND o.breakdown = found.breakdown AND o.period_end = found.period_end AND o.known_to IS NULL) AS source_file_id
FROM reconciliation AS found WHERE outcome = 'unexplained';
