"""What runs when, from the file that the schedule is deployed from."""

from pathlib import Path

import yaml

from docs.generated import markdown

DEPLOYED = Path(__file__).parents[2] / "flows" / "prefect.yaml"


def deployments() -> str:
    """Every deployment: its name, when it runs, what it does."""
    declared = yaml.safe_load(DEPLOYED.read_text())["deployments"]
    rows = [
        (f"`{one['entrypoint'].partition(':')[2]}/{one['name']}`", times(one.get("schedules", [])), one["description"])
        for one in declared
    ]
    return markdown.table(("deployment", "cron", "what it does"), rows)


def times(schedules: list[dict[str, str]]) -> str:
    """When it runs, as cron with its time zone."""
    return ", ".join(f"`{one['cron']}` {one['timezone']}" for one in schedules) or "on demand"
