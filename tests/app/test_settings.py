"""What an operator may set, what is refused, and what the README says of it."""

import re
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, read_settings, settings_table, variables

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, _ in variables():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_nothing_has_to_be_set() -> None:
    settings = read_settings()

    assert settings.database_url == "sqlite:///twoyes.db"
    assert (settings.health_host, settings.health_port) == ("127.0.0.1", 8080)
    assert settings.secret_keys() == ()


def test_conventional_names_and_our_own_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://twoyes@db/twoyes")
    monkeypatch.setenv("DISCORD_TOKEN", "opens-discord")
    monkeypatch.setenv("TWOYES_OPERATOR_NAME", "Ada")
    monkeypatch.setenv("TWOYES_LOG_FORMAT", "JSON")

    settings = read_settings()

    assert settings.database_url == "postgresql://twoyes@db/twoyes"
    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == "opens-discord"
    assert (settings.operator_name, settings.log_format) == ("Ada", "json")


def test_a_file_beside_us_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TWOYES_OPERATOR_NAME=File\nTWOYES_MAX_TRIES=3\nPOSTGRES_PASSWORD=not ours\n")
    monkeypatch.setenv("TWOYES_OPERATOR_NAME", "Environment")

    settings = read_settings()

    assert (settings.operator_name, settings.max_tries) == ("Environment", 3)


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWOYES_HEALTH_PORT", "")

    assert read_settings().health_port == 8080


def test_keys_come_newest_first_with_commas_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWOYES_ENCRYPTION_KEYS", " new , old,")

    assert read_settings().secret_keys() == ("new", "old")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://twoyes@db/twoyes"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("TWOYES_HEALTH_HOST", "not an address"),
        ("TWOYES_HEALTH_PORT", "eighty"),
        ("TWOYES_HEALTH_PORT", "65536"),
        ("TWOYES_LEASE_SECONDS", "1"),
        ("TWOYES_LOG_FORMAT", "xml"),
        ("TWOYES_LOG_LEVEL", "loud"),
        ("TWOYES_MAX_TRIES", "0"),
        ("TWOYES_SWEEP_SECONDS", "nan"),
    ],
)
def test_a_bad_value_is_one_sentence_that_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as raised:
        read_settings()

    (sentence,) = raised.value.sentences
    assert re.fullmatch(rf"{name} must be [^\n]+\.", sentence)


def test_several_bad_values_are_all_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWOYES_HEALTH_PORT", "eighty")
    monkeypatch.setenv("TWOYES_MAX_TRIES", "many")

    with pytest.raises(SettingsError) as raised:
        read_settings()

    assert [sentence.split()[0] for sentence in raised.value.sentences] == ["TWOYES_HEALTH_PORT", "TWOYES_MAX_TRIES"]


def test_a_file_that_is_no_text_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(SettingsError, match=r"^\.env cannot be read"):
        read_settings()


def test_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {
        "DATABASE_URL": "postgresql://twoyes:hidden-1@db/twoyes",
        "TWOYES_ENCRYPTION_KEYS": "hidden-2,hidden-3",
        "SLACK_BOT_TOKEN": "hidden-4",
        "SLACK_APP_TOKEN": "hidden-5",
        "SLACK_SIGNING_SECRET": "hidden-6",
        "SLACK_CLIENT_SECRET": "hidden-7",
        "DISCORD_TOKEN": "hidden-8",
    }
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)

    settings = read_settings()

    assert "hidden-" not in repr(settings)
    assert "hidden-" not in str(settings)


def test_settings_can_be_made_in_code_by_their_field_names() -> None:
    settings = Settings(database_url="sqlite:///elsewhere.db", health_port=0)

    assert (settings.database_url, settings.health_port) == ("sqlite:///elsewhere.db", 0)


def test_the_table_has_one_line_for_each_variable() -> None:
    lines = settings_table().splitlines()

    assert len(lines) == 2 + len(list(variables()))
    assert all(line.count(" | ") == 3 for line in lines[2:])


def test_the_readme_holds_the_table_as_it_is_now() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert f"<!-- settings:start -->\n{settings_table()}\n<!-- settings:end -->" in readme, "run tools/docs.py"
