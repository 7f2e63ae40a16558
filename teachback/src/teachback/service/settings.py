"""What an operator sets: a TOML file, and environment variables that go before it.

`TEACHBACK_MODEL__NAME=tiny` sets `name` in `[model]`. The key of the endpoint is no setting: it
comes from the variable `TEACHBACK_API_KEY` or from a file of its own, so that a configuration can
be shown to anyone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import SplitResult, urlsplit

from limits import parse
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from .wrong import PREFIX, no_table, told

KEY = "API_KEY"
MOST_PORT = 65_535
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SettingsError(ValueError):
    """Settings that cannot be used; says which, what was expected, and never a value."""


class Part(BaseModel):
    """Settings know their names, and errors about them show no values."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, allow_inf_nan=False
    )


def url_of(text: str) -> SplitResult:
    """A web address in its parts; what is none has none."""
    try:
        url = urlsplit(text)
        return url if url.port != 0 else urlsplit("")
    except ValueError:  # also of a port that does not exist
        return urlsplit("")


def origin(text: str) -> str:
    """A web origin as browsers send it: scheme and host, and a port that is not the usual one."""
    url = url_of(text)
    safe = url.scheme == "https" or (url.scheme == "http" and url.hostname in LOOPBACK)
    if not safe or not url.netloc or text != f"{url.scheme}://{url.netloc}".lower():
        raise ValueError(
            "expected an origin such as https://example.org, in lower case, with no path"
            " (plain http for this machine only)"
        )
    return text


def rate(text: str) -> str:
    """A rate limit in the words of `limits`."""
    try:
        parse(text)
    except ValueError:
        raise ValueError("expected a rate such as 10/minute or 60/hour") from None
    return text


def network(text: str) -> str:
    """An address, or a network of them."""
    try:
        ip_network(text)
    except ValueError:
        raise ValueError("expected an address, or a network such as 10.0.0.0/24") from None
    return text


Seconds = Annotated[float, Field(gt=0, le=600)]


class ModelSettings(Part):
    """The endpoint that is asked, and how."""

    base_url: str
    name: Annotated[str, Field(min_length=1, max_length=200)]
    api_key: Annotated[SecretStr, Field(exclude=True, repr=False)] = SecretStr("")
    api_key_file: Path | None = None
    allow_http: bool = False  # plain http to another machine, in a network that is your own
    proxy: str = ""  # the proxy to reach it through; those of the environment are not used
    max_tokens: Annotated[int, Field(ge=100, le=20_000)] = 1200
    temperature: Annotated[float, Field(ge=0, le=2)] = 0
    connect_seconds: Seconds = 3
    read_seconds: Seconds = 25
    total_seconds: Seconds = 30  # with retries, repair and all
    retry_seconds: Seconds = 0.5  # before the one retry, give or take; longer if they ask for it
    failures: Annotated[int, Field(ge=1)] = 5  # in a row, before the endpoint is left alone
    rest_seconds: Seconds = 60  # how long it is left alone
    reply_bytes: Annotated[int, Field(ge=1000)] = 262_144
    extra: dict[str, Any] = {}  # more fields of the request, as the endpoint knows them

    @model_validator(mode="after")
    def endpoint_is_safe(self) -> ModelSettings:
        """Keys and learners' words do not travel in the clear."""
        url = url_of(self.base_url)
        if url.scheme not in ("http", "https") or not url.hostname:
            raise ValueError("base_url: expected an address such as https://example.org/v1")
        if url.username or url.password or url.query:
            raise ValueError("base_url: expected no key in it; it goes into TEACHBACK_API_KEY")
        if url.scheme == "http" and url.hostname not in LOOPBACK and not self.allow_http:
            raise ValueError(
                "base_url: expected https to another machine; in a network of your own, set"
                " allow_http = true"
            )
        proxy = url_of(self.proxy)
        if self.proxy and (proxy.scheme not in ("http", "https") or not proxy.hostname):
            raise ValueError("proxy: expected an address such as http://10.0.0.1:3128")
        return self

    def secret(self) -> str:
        """The endpoint's key; an endpoint that wants none gets a word."""
        return self.api_key.get_secret_value() or "none"


class LimitSettings(Part):
    """What one client, and all of them together, may have."""

    per_client: list[Annotated[str, AfterValidator(rate)]] = ["10/minute", "60/hour"]
    tokens_per_day: Annotated[int, Field(ge=0)] = 1_000_000  # UTC days; 0 asks no model at all
    concurrency: Annotated[int, Field(ge=1)] = 256
    body_seconds: Seconds = 10
    header_seconds: Seconds = 10
    cache_seconds: Annotated[float, Field(ge=0, le=3600)] = 600
    cache_entries: Annotated[int, Field(ge=0)] = 1000


class Settings(Part):
    """All of them."""

    listen: Annotated[str, Field(pattern=r"^(\[[0-9a-f:]+\]|[^\s:/]+):\d{1,5}$")] = "127.0.0.1:8787"
    rubrics: Path = Path("site/assets/teachback")
    spent: Path = Path("teachback-spent.sqlite3")  # where the tokens of the day are counted
    origins: Annotated[
        list[Annotated[str, AfterValidator(origin)]], Field(validate_default=True)
    ] = []
    trusted_proxies: list[Annotated[str, AfterValidator(network)]] = []
    model: ModelSettings
    limits: LimitSettings = LimitSettings()

    @field_validator("listen")
    @classmethod
    def port_exists(cls, listen: str) -> str:
        """Ports end at 65,535."""
        if int(listen.rpartition(":")[2]) > MOST_PORT:
            raise ValueError(f"expected a port of at most {MOST_PORT}")
        return listen

    @field_validator("origins")
    @classmethod
    def someone_may_ask(cls, origins: list[str]) -> list[str]:
        """A grader without origins would refuse every page."""
        if not origins:
            raise ValueError("expected at least one origin, that of the course's pages")
        return origins

    def address(self) -> tuple[str, int]:
        """Host and port to listen on."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)

    def proxies(self) -> list[IPv4Network | IPv6Network]:
        """The networks whose word on the client's address counts."""
        return [ip_network(each) for each in self.trusted_proxies]


def load(file: Path | None, environment: Mapping[str, str]) -> Settings:
    """Read settings. Raises `SettingsError`, which names every wrong one."""
    given = read(file) if file else {}
    for name, value in environment.items():
        if name.startswith(PREFIX) and name != PREFIX + KEY:
            put(given, name.removeprefix(PREFIX).lower().split("__"), as_value(value))
    model = given.get("model")
    if "api_key" in given or (isinstance(model, dict) and "api_key" in model):
        raise SettingsError(f"a key is no setting; put it into {PREFIX}{KEY} or a file of its own")
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        raise SettingsError(told(error, Settings)) from None
    return with_key(settings, environment.get(PREFIX + KEY, ""))


def read(file: Path) -> dict[str, Any]:
    """A TOML file's contents."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise SettingsError(f"{file}: expected TOML, see the example grader.toml") from None


def put(given: dict[str, Any], path: list[str], value: Any) -> None:
    """Set a value some tables down."""
    for i, name in enumerate(path[:-1]):
        given = given.setdefault(name, {})
        if not isinstance(given, dict):
            raise SettingsError(no_table(".".join(path[: i + 1]), given))
    given[path[-1]] = value


def as_value(text: str) -> Any:
    """A variable's value as TOML has it, or as the text it is."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def with_key(settings: Settings, key: str) -> Settings:
    """The settings with the endpoint's key in them, from the variable or from its file."""
    file = settings.model.api_key_file
    if file and not key:
        try:
            key = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise SettingsError("model.api_key_file: expected a file that can be read") from None
    if not key.strip().isprintable() or not key.isascii():
        raise SettingsError("the endpoint's key: expected one line of ASCII characters")
    secret = SecretStr(key.strip())
    return settings.model_copy(
        update={"model": settings.model.model_copy(update={"api_key": secret})}
    )
