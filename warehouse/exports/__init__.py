"""Exports for people outside: Parquet, CSV, Excel and the descriptions that catalogues read.

FOLDER/v1.2.0/           a release, never changed once it is there
FOLDER/stable/           the last release
FOLDER/nightly/          whatever is published now, replaced at every export
FOLDER/snapshot-2020/    the same for a yearly snapshot: v1.0.0/ and stable/
FOLDER/WIJZIGINGEN.md    what changed from release to release, in Dutch; CHANGELOG.md in English
"""
