"""The register's tables of words behind codes: see `schemas.register.tables` for figures and goals."""

from schemas.register.fields import boolean, choice, code, day, text
from schemas.register.tables import INDICATOR, NAME, Day, Table, Text, Yes, listed


class Code(Table):
    """A code of a list, in words. Flags, statuses and rules have tables of their own, with more to say of each."""

    list: Text = code(NAME, "entity_level")
    code: Text = text()
    label_nl: Text = text()
    label_en: Text = text()
    meaning_nl: Text = text()
    meaning_en: Text = text()

    class Config:
        unique = ["list", "code"]


class Flag(Table):
    flag: Text = code(NAME, "covid")
    severity: Text = choice("info|caution|blocking")
    label_nl: Text = text()
    label_en: Text = text()
    description_nl: Text = text()
    description_en: Text = text()

    class Config:
        unique = ["flag"]


class Status(Table):
    status: Text = code(NAME, "target_met")
    label_nl: Text = text()
    label_en: Text = text()
    description_nl: Text = text()
    description_en: Text = text()
    needs_verdict: Yes = boolean()

    class Config:
        unique = ["status"]


class StatusRule(Table):
    """The rules that give a status or the direction of the evidence, in words: why it is so, and what would change it."""

    rule: Text = code(NAME, "met_before_period")
    reason_nl: Text = text()
    reason_en: Text = text()
    would_change_nl: Text = text()
    would_change_en: Text = text()

    class Config:
        unique = ["rule"]


class Sentence(Table):
    """Parts of the sentence on a goal: templates with names in braces, and how a goal (G01) and an indicator are called in it."""

    part: Text = code(r"G\d{2}|[a-z][a-z0-9_]*", "two_values")
    text_nl: Text = code(r".*\S", "text, which may begin with a comma or a blank")
    text_en: Text = code(r".*\S", "text, which may begin with a comma or a blank")

    class Config:
        unique = ["part"]


class Assumption(Table):
    """What we take to be so without proof: how well it is founded, how much hangs on it, and what would change if it were wrong."""

    assumption_id: Text = code(r"AS-\d{2}", "AS-01")
    indicator_ids: Text = code(listed(INDICATOR), "g02_zittenblijf_pct;g06_slaagpct", required=False)
    statement_nl: Text = text()
    statement_en: Text = text()
    quality: Text = choice("red|amber|green")
    impact: Text = choice("red|amber|green")
    would_change_nl: Text = text()
    would_change_en: Text = text()
    declared_in: Text = code(r"[\w./-]+", "docs/bounds.md")
    entered_on: Day = day()

    class Config:
        unique = ["assumption_id"]
