"""Settings of the schedule, beside those of the pulling side: environment or `.env`, prefix SECTORAKKOORD_."""

from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, ValidationInfo, field_validator

from flows.settings import PREFIX, Settings, SettingsError


class ScheduleSettings(Settings):
    """Where the server listens, who gets alerts, and about what."""

    schedule_host: str = Field("127.0.0.1", description="address the Prefect server listens on")
    schedule_port: int = Field(4200, ge=1, le=65535, description="port of the Prefect server and its pages")
    report_port: int = Field(4201, ge=1, le=65535, description="port of the report's pages, beside the server's")
    report_url: str = Field("", description="where others serve the report's pages, for the links that runs leave")
    webhook: str | None = Field(None, repr=False, description="address that alerts are posted to as JSON")
    mail: str | None = Field(
        None,
        repr=False,
        description="where alerts are mailed, such as mailtos://user:password@smtp.example.org?to=team@example.org",
    )
    revision_tolerance: float = Field(
        0.05, ge=0, description="share of a value that a revision may differ by before it is an alert"
    )

    @field_validator("webhook", "mail")
    @classmethod
    def _check_address(cls, value: str | None, info: ValidationInfo) -> str | None:
        if not value:
            return None
        schemes = ("http", "https") if info.field_name == "webhook" else ("mailto", "mailtos")
        parts = urlsplit(value)
        if parts.scheme not in schemes or not parts.hostname:
            raise ValueError(f"must be an address that starts with {schemes[0]}:// or {schemes[1]}://")
        return value


def load_schedule_settings(**given: Any) -> ScheduleSettings:
    """The settings in force. Raises SettingsError, which never repeats an address: it may hold a password."""
    try:
        return ScheduleSettings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "settings"
        raise SettingsError(
            f"setting {name} ({PREFIX}{name.upper()}): {first['msg']}; change it in the environment or .env."
        ) from None
