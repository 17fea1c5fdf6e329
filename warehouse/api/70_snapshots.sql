-- The frozen states. Tables of `snapshot` are filled after this script; macros look them up when they are called.
CREATE VIEW snapshots AS
SELECT year, version, as_of, basis, made_on, is_latest, observations, evidence, verdicts, added, revised, relabelled, removed,
       content_hash, code_version, previous_version, reason, edition, synthetic, snapshot_id
FROM snapshot.snapshot
ORDER BY year, as_of, made_on, version;
