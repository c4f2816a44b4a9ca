"""Everything an operator may set, read once from the environment and a file `.env`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_PREFIX = "TWOYES_"
_PUBLIC_URL = re.compile(r"https://[^\s/?#@]+(/[^\s?#]*)?")
_API_URL = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")
_COMMAND = re.compile(r"/[a-z0-9_-]{1,31}")
_ADDRESS = re.compile(r"sqlite:///(?!:memory:).+|postgres(ql)?(\+psycopg)?://.+")


class SettingsError(Exception):
    """Something that was set cannot be used; the text has one sentence for each variable."""

    def __init__(self, sentences: tuple[str, ...]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class Wants:
    """What a value has to be, as the end of a sentence."""

    words: str


def _an_address(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise ValueError
    return value


def _a_public_url(value: str) -> str:
    if value and not _PUBLIC_URL.fullmatch(value):
        raise ValueError
    return value.rstrip("/")


def _an_api_url(value: str) -> str:
    if not _API_URL.fullmatch(value):
        raise ValueError
    return value.rstrip("/") + "/"


def _a_command(value: str) -> str:
    name = f"/{value.removeprefix('/')}"
    if not _COMMAND.fullmatch(name):
        raise ValueError
    return name


def _listed(value: object) -> object:
    return tuple(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


Words = Annotated[str, Wants("a text")]
Secret = Annotated[SecretStr | None, Wants("a secret")]
Host = Annotated[str, Field(pattern=r"^[0-9A-Za-z.:-]+$"), Wants("an address such as 127.0.0.1")]
Port = Annotated[int, Field(ge=0, le=65535), Wants("a number from 0 to 65535")]
Address = Annotated[str, AfterValidator(_an_address), Wants("sqlite:///path/to/file.db or postgresql://user@host/name")]
PublicUrl = Annotated[str, AfterValidator(_a_public_url), Wants("an address such as https://bot.example.org")]
ApiUrl = Annotated[str, AfterValidator(_an_api_url), Wants("an address such as https://slack.com/api/")]
DiscordUrl = Annotated[str, AfterValidator(_an_api_url), Wants("an address such as https://discord.com/api/v10")]
ShardIds = Annotated[
    tuple[Annotated[int, Field(ge=0)], ...],
    NoDecode,
    BeforeValidator(_listed),
    Wants("numbers from 0 on, separated by commas"),
]
ShardCount = Annotated[int | None, Field(ge=1, le=10_000), Wants("a whole number from 1 on")]
Command = Annotated[str, AfterValidator(_a_command), Wants("a name such as /refer, in small letters")]
Secrets = Annotated[
    tuple[SecretStr, ...],
    NoDecode,
    BeforeValidator(_listed),
    Wants("keys as `twoyes keys new` makes them, separated by commas"),
]
LogFormat = Annotated[Literal["console", "json"], BeforeValidator(_lower), Wants("console or json")]
LogLevel = Annotated[
    Literal["debug", "info", "warning", "error"],
    BeforeValidator(_lower),
    Wants("debug, info, warning or error"),
]
Seconds = Annotated[float, Field(gt=0, le=3600), Wants("a number of seconds, more than 0 and at most 3600")]
Patience = Annotated[float, Field(ge=0, le=3600), Wants("a number of seconds from 0 to 3600")]
Lease = Annotated[float, Field(ge=15, le=3600), Wants("a number of seconds from 15 to 3600")]
Grace = Annotated[int, Field(ge=7, le=3650), Wants("a whole number of days from 7 to 3650")]
Tries = Annotated[int, Field(ge=1, le=1000), Wants("a whole number from 1 to 1000")]


class Settings(BaseSettings):
    """The settings of one bot. Every secret is hidden when it is shown."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        validate_by_name=True,
        validate_by_alias=True,
    )

    database_url: Address = Field(
        default="sqlite:///twoyes.db",
        validation_alias=AliasChoices("DATABASE_URL"),
        repr=False,
        description="Where everything is kept: a SQLite file, or a PostgreSQL server (15 or newer).",
    )
    encryption_keys: Secrets = Field(
        default=(),
        description="The keys that seal what people wrote, newest first. Without one, a new SQLite database gets a "
        "key file beside it; PostgreSQL needs one.",
    )
    operator_name: Words = Field(default="", description="Who runs this bot, as its members are told.")
    operator_contact: Words = Field(default="", description="How members reach you: an e-mail address or a link.")
    slack_bot_token: Secret = Field(
        default=None, validation_alias=AliasChoices("SLACK_BOT_TOKEN"), description="Slack: the bot token, `xoxb-…`."
    )
    slack_app_token: Secret = Field(
        default=None,
        validation_alias=AliasChoices("SLACK_APP_TOKEN"),
        description="Slack: the app-level token for Socket Mode, `xapp-…`.",
    )
    slack_signing_secret: Secret = Field(
        default=None,
        validation_alias=AliasChoices("SLACK_SIGNING_SECRET"),
        description="Slack over HTTP: the signing secret.",
    )
    slack_client_id: Words = Field(
        default="",
        validation_alias=AliasChoices("SLACK_CLIENT_ID"),
        description="Slack over HTTP: the client id, for installing in several workspaces.",
    )
    slack_client_secret: Secret = Field(
        default=None,
        validation_alias=AliasChoices("SLACK_CLIENT_SECRET"),
        description="Slack over HTTP: the client secret.",
    )
    slack_command_refer: Command = Field(
        default="/refer", description="Slack: what `/refer` is called, if another app has that name."
    )
    slack_command_ask: Command = Field(default="/ask", description="Slack: what `/ask` is called.")
    slack_command_intros: Command = Field(default="/intros", description="Slack: what `/intros` is called.")
    slack_api_url: ApiUrl = Field(
        default="https://slack.com/api/", description="Slack: where its Web API is. For a proxy, and for tests."
    )
    discord_token: Secret = Field(
        default=None, validation_alias=AliasChoices("DISCORD_TOKEN"), description="Discord: the bot token."
    )
    discord_public_key: Words = Field(
        default="",
        validation_alias=AliasChoices("DISCORD_PUBLIC_KEY"),
        description="Discord over HTTP: the application's public key.",
    )
    discord_shard_ids: ShardIds = Field(
        default=(), description="Discord: which shards this process serves, if there are several processes."
    )
    discord_shard_count: ShardCount = Field(
        default=None, description="Discord: how many shards there are in all; unset, as many as Discord recommends."
    )
    discord_api_url: DiscordUrl = Field(
        default="https://discord.com/api/v10", description="Discord: where its REST is. For a proxy, and for tests."
    )
    health_host: Host = Field(
        default="127.0.0.1", description="Where health and metrics are served; nobody has to log in there."
    )
    health_port: Port = Field(default=8080, description="The port of health and metrics; 0 takes a free one.")
    http_host: Host = Field(
        default="127.0.0.1", description="Where chat platforms reach the bot over HTTP, behind a proxy with TLS."
    )
    http_port: Port = Field(default=3000, description="The port for chat platforms over HTTP; 0 takes a free one.")
    public_url: PublicUrl = Field(
        default="", description="The address under which the bot is reached over HTTP, with its TLS proxy in front."
    )
    room_port: Port = Field(
        default=8000, description="The port of the local room, at 127.0.0.1 only; a free one if it is taken."
    )
    log_format: LogFormat = Field(default="console", description="Log lines for people, or JSON for machines.")
    log_level: LogLevel = Field(default="info", description="The least important kind of line that is logged.")
    sweep_seconds: Seconds = Field(default=5, description="How often deadlines are looked at.")
    drain_seconds: Patience = Field(
        default=10, description="How long `serve` goes on delivering what is due after it was told to stop."
    )
    lease_seconds: Lease = Field(
        default=60, description="After how long another process may take over the deliveries of one that died."
    )
    keep_departed_days: Grace = Field(
        default=30,
        description="After how many days the data of a workspace that removed the bot is deleted; if it comes back "
        "before, everything is as it was.",
    )
    max_tries: Tries = Field(
        default=100,
        description="How often a delivery is tried before it becomes a dead letter; 100 tries take about a day.",
    )

    def secret_keys(self) -> tuple[str, ...]:
        """Return the encryption keys as the vault takes them."""
        return tuple(key.get_secret_value() for key in self.encryption_keys)

    def platform_variables(self) -> tuple[str, ...]:
        """Return the names of the variables that are set to open chat platforms."""
        named = {name: _variable(name, field) for name, field in Settings.model_fields.items()}
        return tuple(variable for name, variable in named.items() if _is_platforms(variable) and getattr(self, name))


def read_settings() -> Settings:
    """Read the environment and `.env`; SettingsError names what cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        names = dict.fromkeys(str(problem["loc"][0]) for problem in error.errors())
        raise SettingsError(tuple(map(_complaint, names))) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            (".env cannot be read: it must be a text file in UTF-8 that this user may read.",)
        ) from error


def variables() -> Iterator[tuple[str, FieldInfo]]:
    """Go through the fields by the name of the variable that sets each."""
    for name, field in Settings.model_fields.items():
        yield _variable(name, field), field


def settings_table() -> str:
    """Return the Markdown table of the README."""
    rows = (f"| `{name}` | {_default(field)} | {_wants(field)} | {field.description} |" for name, field in variables())
    return "\n".join(("| variable | default | wants | what it does |", "|---|---|---|---|", *rows))


def _complaint(location: str) -> str:
    known = {**dict(variables()), **Settings.model_fields}
    name = location if location not in Settings.model_fields else _variable(location, known[location])
    return f"{name} must be {_wants(known[location])}."


def _variable(name: str, field: FieldInfo) -> str:
    alias = field.validation_alias
    return str(alias.choices[0]) if isinstance(alias, AliasChoices) else f"{_PREFIX}{name}".upper()


def _is_platforms(variable: str) -> bool:
    return variable.startswith(("SLACK_", "DISCORD_"))


def _wants(field: FieldInfo) -> str:
    return next(mark.words for mark in field.metadata if isinstance(mark, Wants))


def _default(field: FieldInfo) -> str:
    return f"`{field.default}`" if field.default not in (None, "", ()) else "–"
