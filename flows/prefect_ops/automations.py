"""Alerts: which events are delivered to the webhook and the mailbox of the settings, by automations on the server.

All of it runs on the open-source server of Prefect: automations, the Webhook block with the action `call-webhook`,
and the action `send-notification`. Its own e-mail block needs a paid service; the block for Slack hands every address
that is not Slack's to Apprise, which mails to `mailto(s)://` addresses over any SMTP server.
"""

from datetime import timedelta
from typing import cast
from uuid import UUID

from prefect.blocks.core import Block
from prefect.blocks.notifications import SlackWebhook
from prefect.blocks.webhook import Webhook
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import CallWebhook, ChangeFlowRunState, DoNothing, SendNotification
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from pydantic import SecretStr

from flows.prefect_ops.events import FILE_EVENTS, MOVED, OVERDUE, REVISED, SNAPSHOT_MISSED
from flows.prefect_ops.schedule_settings import ScheduleSettings

TAG = "sectorakkoord"
PREFIX = "sectorakkoord: "
SILENCE_S = 300
"""A run that was silent for ten heartbeats is dead. On a crowded machine two or three come late or not at all."""

OURS = {"prefect.resource.role": "tag", "prefect.resource.id": f"prefect.tag.{TAG}"}
RUN_ENDS = {
    "prefect.flow-run.Completed",
    "prefect.flow-run.Failed",
    "prefect.flow-run.TimedOut",
    "prefect.flow-run.Cancelled",
    "prefect.flow-run.Crashed",
}
FROM_EVENT = "{{ event.payload.sentence }}"
FROM_STATE = (
    "{{ event.resource.name }}: {{ event.resource['prefect.state-name'] }}. "
    "{{ event.resource['prefect.state-message'] or '' }}"
)
ALERTS = (
    ("a run failed", RUN_ENDS - {"prefect.flow-run.Completed", "prefect.flow-run.Cancelled"}, FROM_STATE),
    (
        "a run does not start",
        {"prefect.flow-run.Late"},
        FROM_STATE + "No worker has taken it: look at `make schedule`.",
    ),
    ("a file was refused or could not be downloaded", set(FILE_EVENTS.values()), FROM_EVENT),
    ("a value was revised above the tolerance", {REVISED}, FROM_EVENT),
    ("a watched figure does not hold", {MOVED}, FROM_EVENT),
    ("a dataset is overdue", {OVERDUE}, FROM_EVENT),
    ("a yearly snapshot was missed", {SNAPSHOT_MISSED}, FROM_EVENT),
)


def set_up_alerts(settings: ScheduleSettings) -> list[str]:
    """Create or renew our automations on the server, and remove ours that are declared no more. Returns their names."""
    wanted = {one.name: one for one in automations(settings)}
    with get_client(sync_client=True) as client:
        there = {one.name: one.id for one in client.read_automations() if one.name.startswith(PREFIX)}
        for name, automation in wanted.items():
            if name in there:
                client.update_automation(there[name], automation)
            else:
                client.create_automation(automation)
        for name in set(there) - set(wanted):
            client.delete_automation(there[name])
    return list(wanted)


def automations(settings: ScheduleSettings) -> list[AutomationCore]:
    """One automation per kind of alert, and one that marks silent runs CRASHED."""
    webhook = mailbox = None
    if settings.webhook:
        webhook = saved(Webhook(url=SecretStr(settings.webhook)), "sectorakkoord-alerts")
    if settings.mail:
        mailbox = saved(SlackWebhook(url=SecretStr(as_plain_text(settings.mail))), "sectorakkoord-mail")
    return [silent_runs_crash()] + [
        alert(what, events, sentence, webhook, mailbox) for what, events, sentence in ALERTS
    ]


def saved(block: Block, name: str) -> UUID:
    """Save a block on the server under a name. Returns its id."""
    return cast(UUID, block.save(name, overwrite=True))


def as_plain_text(mail: str) -> str:
    """The address with Apprise's option for plain text: a sentence may hold what looks like a tag."""
    return mail if "format=" in mail else f"{mail}{'&' if '?' in mail else '?'}format=text"


def silent_runs_crash() -> AutomationCore:
    """A crashed machine reports nothing: a run without heartbeats is marked CRASHED, so that the next one may start."""
    return AutomationCore(
        name=f"{PREFIX}a silent run has crashed",
        description=f"Marks a run CRASHED after {SILENCE_S} s without a heartbeat.",
        trigger=EventTrigger(
            posture=Posture.Proactive,
            match={"prefect.resource.id": "prefect.flow-run.*"},
            match_related=OURS,
            after={"prefect.flow-run.heartbeat"},
            expect={"prefect.flow-run.heartbeat"} | RUN_ENDS,
            for_each={"prefect.resource.id"},
            threshold=1,
            within=timedelta(seconds=SILENCE_S),
        ),
        actions=[
            ChangeFlowRunState(
                state=StateType.CRASHED, message=f"No heartbeat for {SILENCE_S} s: the machine or the worker is gone."
            )
        ],
    )


def alert(what: str, events: set[str], sentence: str, webhook: UUID | None, mailbox: UUID | None) -> AutomationCore:
    """Deliver each of these events, as JSON to the webhook and as text to the mailbox.

    At least once: a server that finds its SQLite database locked handles an event again. `id` identifies copies.
    """
    of_runs = any(event.startswith("prefect.") for event in events)
    actions: list[CallWebhook | SendNotification | DoNothing] = []
    if webhook:
        payload = (
            f'{{"id": "{{{{ event.id }}}}", "alert": "{what}", "event": {{{{ event.event | tojson }}}}, '
            f'"about": {{{{ event.resource.name | string | tojson }}}}, "at": "{{{{ event.occurred }}}}", '
            f'"text": {{% filter tojson %}}{sentence}{{% endfilter %}}}}'
        )
        actions.append(CallWebhook(block_document_id=webhook, payload=payload))
    if mailbox:
        actions.append(SendNotification(block_document_id=mailbox, subject=f"Sectorakkoord: {what}", body=sentence))
    return AutomationCore(
        name=f"{PREFIX}{what}",
        description=f"Sends to the webhook and the mailbox of the settings that {what}.",
        trigger=EventTrigger(
            posture=Posture.Reactive,
            match={"prefect.resource.id": "prefect.flow-run.*" if of_runs else "sectorakkoord.*"},
            match_related=OURS,
            expect=events,
            for_each={"prefect.resource.id"},
            threshold=1,
            within=timedelta(0),
        ),
        actions=actions or [DoNothing()],
    )
