"""Settings: where they come from, which wins, and what a wrong one says."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.settings import PUBLISHER_HOSTS, SettingsError, load_settings, settings_table


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    for name, _, _ in settings_table():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_defaults_are_those_the_evidence_asks_for():
    settings = load_settings()
    assert (settings.data, settings.portal_url, settings.allowed_hosts) == (Path("data"), None, PUBLISHER_HOSTS)
    assert (settings.connect_timeout_s, settings.read_timeout_s, settings.attempts) == (10, 180, 5)
    assert (settings.backoff_min_s, settings.backoff_max_s, settings.requests_per_second) == (2, 60, 3)
    assert settings.max_download_bytes == 2 * 1024**3


def test_argument_beats_environment_beats_dotenv_beats_toml(elsewhere, monkeypatch):
    (elsewhere / "sectorakkoord.toml").write_text('data = "from-toml"\nattempts = 2\nread_timeout_s = 20\n')
    (elsewhere / ".env").write_text("SECTORAKKOORD_ATTEMPTS=3\nSECTORAKKOORD_DATA=from-dotenv\nOTHER_PRODUCT=1\n")
    monkeypatch.setenv("SECTORAKKOORD_DATA", "from-environment")
    settings = load_settings()
    assert (settings.data, settings.attempts, settings.read_timeout_s) == (Path("from-environment"), 3, 20)
    assert load_settings(data="argument").data == Path("argument")


def test_hosts_are_a_comma_list(monkeypatch):
    monkeypatch.setenv("SECTORAKKOORD_ALLOWED_HOSTS", " DUO.nl, example.org ,")
    assert load_settings().allowed_hosts == ("duo.nl", "example.org")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "attempts",
            "0",
            "setting attempts (SECTORAKKOORD_ATTEMPTS): Input should be greater than or equal to 1, got '0'; "
            "change it in the environment, .env or sectorakkoord.toml.",
        ),
        (
            "portal_url",
            "ftp://x",
            "setting portal_url (SECTORAKKOORD_PORTAL_URL): Value error, must be a plain http:// or https:// address, "
            "got 'ftp://x'; change it in the environment, .env or sectorakkoord.toml.",
        ),
    ],
)
def test_a_wrong_value_is_one_sentence(monkeypatch, name, value, message):
    monkeypatch.setenv(f"SECTORAKKOORD_{name.upper()}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value) == message


def test_a_misspelt_key_in_the_file_is_told(elsewhere):
    (elsewhere / "sectorakkoord.toml").write_text("atempts = 2\n")
    with pytest.raises(SettingsError, match=r"^sectorakkoord.toml: unknown setting atempts; known are allowed_hosts, "):
        load_settings()


def test_backoff_bounds_must_be_in_order():
    with pytest.raises(SettingsError, match="backoff_max_s must be at least backoff_min_s"):
        load_settings(backoff_min_s=5, backoff_max_s=1)


def test_the_table_names_every_setting():
    rows = settings_table()
    assert ("SECTORAKKOORD_DATA", "data", "folder that holds everything the product writes") in rows
    assert all(meaning for _, _, meaning in rows) and len(rows) == len(type(load_settings()).model_fields)
