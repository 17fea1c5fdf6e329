"""Settings of the pulling side: environment first, then `.env`, then `sectorakkoord.toml`, then defaults.

Every field is an environment variable with the prefix SECTORAKKOORD_ (`SECTORAKKOORD_DATA=/srv/data`) and a
key of the same name in lower case in the two files. `settings_table()` is the documentation of all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from schemas.publishers import publishers
from warehouse.release.store_urls import FILE_SCHEME, LAKE_SCHEME, without_password

if TYPE_CHECKING:
    from warehouse.release.data_directory import DataDirectory
    from warehouse.release.stores import ReleaseStore

PREFIX = "SECTORAKKOORD_"

#: Hosts the project may contact; everything else is refused, redirects included.
PUBLISHER_HOSTS = tuple(host for publisher in publishers().values() for host in publisher.hosts)


class SettingsError(ValueError):
    """A setting is unknown or has a value that cannot be used; the message names it and what is accepted."""


class _StrictToml(TomlConfigSettingsSource):
    """The TOML file, in which a misspelt key is an error instead of a silence."""

    def __call__(self) -> dict[str, Any]:
        values = super().__call__()
        unknown = sorted(set(values) - set(self.settings_cls.model_fields))
        if unknown:
            known = ", ".join(sorted(self.settings_cls.model_fields))
            raise SettingsError(f"sectorakkoord.toml: unknown setting {', '.join(unknown)}; known are {known}.")
        return values


class Settings(BaseSettings):
    """How and how hard we pull. Times in seconds, sizes in bytes."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        toml_file="sectorakkoord.toml",
        extra="ignore",
        frozen=True,
        validate_default=True,
    )

    data: Path = Field(Path("data"), description="folder that holds everything the product writes")
    warehouse: str | None = Field(
        None,
        repr=False,  # it may hold a password
        description="where releases are published: duckdb:///FILE or ducklake:postgres:CONNECTION "
        "(default: warehouse.duckdb in the data directory)",
    )
    lake_data: str = Field("", description="where a new lake keeps its Parquet: s3://BUCKET/FOLDER/ or a folder")
    s3_endpoint: str = Field("", description="address of an S3-compatible store, such as https://store.example.org")
    s3_key_id: str = Field("", description="name of the key to the store")
    s3_secret: SecretStr = Field(SecretStr(""), description="the key itself")
    s3_region: str = Field("us-east-1", description="region of the store")
    edition: Literal["sample", "mirror", "live"] | None = Field(
        None, description="edition that runs of a schedule refresh where none is published yet"
    )
    mirror: Path | None = Field(None, description="folder of the mirror edition, laid out as host/path")
    portal_url: str | None = Field(
        None,
        description="base URL of a mirror or of the fake publishers, asked for /host/path instead of https://host/path",
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        PUBLISHER_HOSTS, description="hosts that may be contacted, separated by commas"
    )
    # Says who we are in the form of a browser's: the Inspectorate's site turns others away.
    user_agent: str = Field(
        "Mozilla/5.0 (compatible; sectorakkoord-warehouse/0.1; open data ETL, Sectorakkoord VO 2018-2020)",
        min_length=10,
        pattern=r"^[\x20-\x7e]+$",
        description="the User-Agent that publishers see",
    )
    memory_limit: str | None = Field(
        None,
        pattern=r"^\d+(\.\d+)?\s?([KMGT]i?B)$",
        description="most memory that a build takes, such as 2GB; the rest goes to disk (default: half of the machine's, at most 1.5 GiB)",
    )
    task_runner: str = Field(
        "threads",
        pattern=r"^(threads|dask(:(tcp|tls)://\S+)?)$",
        description="what ingests files: threads, dask (processes of its own), or dask:tcp://HOST:PORT (a cluster)",
    )
    connect_timeout_s: float = Field(10, gt=0, description="time to get a connection")
    read_timeout_s: float = Field(180, gt=0, description="longest silence within an answer")
    attempts: int = Field(5, ge=1, le=20, description="tries per request, the first one included")
    backoff_min_s: float = Field(2, ge=0, description="wait before the second try; doubles after that")
    backoff_max_s: float = Field(60, ge=0, description="longest wait between two tries")
    retry_after_max_s: float = Field(120, ge=0, description="longest Retry-After that is waited for")
    requests_per_second: float = Field(3, gt=0, description="most requests per second and host")
    max_download_bytes: int = Field(2 * 1024**3, gt=0, description="largest file, on the wire and unpacked")
    max_answer_bytes: int = Field(128 * 1024**2, gt=0, description="largest answer held in memory (JSON, pages)")
    max_expansion: int = Field(200, gt=1, description="unpacked : packed ratio above which it is called a bomb")
    max_redirects: int = Field(5, ge=0, description="redirects followed for one request")
    slow_window_s: float = Field(60, gt=0, description="stretch of time over which the rate of a body is judged")
    slow_bytes_per_s: float = Field(500, ge=0, description="slower than this over that stretch is given up")

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split_hosts(cls, value: str | Iterable[object]) -> tuple[str, ...]:
        parts = value.split(",") if isinstance(value, str) else value
        return tuple(str(part).strip().lower() for part in parts if str(part).strip())

    @field_validator("portal_url")
    @classmethod
    def _check_portal(cls, value: str | None) -> str | None:
        if not value:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("must be a plain http:// or https:// address")
        return value.rstrip("/")

    @field_validator("warehouse")
    @classmethod
    def _check_warehouse(cls, value: str | None) -> str | None:
        if value and not value.startswith((FILE_SCHEME, LAKE_SCHEME)):
            raise ValueError(f"must start with {FILE_SCHEME} (and a path) or {LAKE_SCHEME} (and a catalogue)")
        return value or None

    @property
    def directory(self) -> DataDirectory:
        """The data directory, with the store that releases are published to."""
        from warehouse.release.data_directory import DataDirectory

        return DataDirectory(self.data, self._store())

    def _store(self) -> ReleaseStore | None:
        if self.warehouse is None:
            return None
        # Imported here: help and completion need no database.
        from warehouse.release.duckdb_file_store import DuckDBFileStore
        from warehouse.release.ducklake_store import DuckLakeStore, Store

        if self.warehouse.startswith(FILE_SCHEME):
            return DuckDBFileStore(Path(self.warehouse.removeprefix(FILE_SCHEME)))
        store = Store(self.s3_endpoint, self.s3_key_id, self.s3_secret.get_secret_value(), self.s3_region)
        return DuckLakeStore(self.warehouse, self.lake_data, store)

    @model_validator(mode="after")
    def _order_backoff(self) -> Settings:
        if self.backoff_max_s < self.backoff_min_s:
            raise ValueError("backoff_max_s must be at least backoff_min_s")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, dotenv_settings, _StrictToml(settings_cls)


def load_settings(**overrides: object) -> Settings:
    """The settings in force; `overrides` win over environment and files. SettingsError on the first fault."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "settings"
        raise SettingsError(
            f"setting {name} ({PREFIX}{name.upper()}): {first['msg']}, got {without_password(repr(first['input']))}; "
            "change it in the environment, .env or sectorakkoord.toml."
        ) from error


def settings_table() -> list[tuple[str, str, str]]:
    """One row per setting: (environment variable, default, meaning), for the documentation."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = ", ".join(field.default) if isinstance(field.default, tuple) else field.default
        rows.append((PREFIX + name.upper(), "" if default is None else str(default), field.description or ""))
    return rows
