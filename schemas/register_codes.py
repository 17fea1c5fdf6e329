"""The register's tables of words behind codes: see `schemas.register_tables` for figures and goals."""

from schemas.register_fields import choice, code, words, yes
from schemas.register_tables import NAME, Table, Text, Yes


class Code(Table):
    """A code of a list, in words. Flags, statuses and rules have tables of their own, with more to say of each."""

    list: Text = code(NAME, "entity_level")
    code: Text = words()
    label_nl: Text = words()
    label_en: Text = words()
    meaning_nl: Text = words()
    meaning_en: Text = words()

    class Config:
        unique = ["list", "code"]


class Flag(Table):
    flag: Text = code(NAME, "covid")
    severity: Text = choice("info|caution|blocking")
    label_nl: Text = words()
    label_en: Text = words()
    description_nl: Text = words()
    description_en: Text = words()

    class Config:
        unique = ["flag"]


class Status(Table):
    status: Text = code(NAME, "target_met")
    label_nl: Text = words()
    label_en: Text = words()
    description_nl: Text = words()
    description_en: Text = words()
    needs_verdict: Yes = yes()

    class Config:
        unique = ["status"]


class StatusRule(Table):
    """The rules that give a status, in words: why it is so, and what would change it."""

    rule: Text = code(NAME, "met_before_period")
    reason_nl: Text = words()
    reason_en: Text = words()
    would_change_nl: Text = words()
    would_change_en: Text = words()

    class Config:
        unique = ["rule"]
