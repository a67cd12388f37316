"""The ``[writer]`` of ``slipway.toml``: which language model writes, and what a night of it may cost."""

from __future__ import annotations

import re
from typing import cast

from slipway.settings.reader import Reader
from slipway.settings.sources import read_proxy
from slipway.settings.values import AnswerFormat, Effort, WriterSettings

__all__ = ["is_near", "read_writer"]

_FORMATS = ("auto", "schema", "object", "plain")
_EFFORTS = ("", "none", "minimal", "low", "medium", "high")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NEAR_ZONES = (".local", ".lan", ".internal", ".home.arpa", ".localhost")


def read_writer(table: Reader) -> WriterSettings:
    """The settings, checked; those of a writer without an endpoint do nothing, which the user should hear."""
    plain = WriterSettings()
    settings = WriterSettings(
        endpoint=_endpoint(table),
        model=table.text("model", plain.model).strip(),
        api_key_env=_variable(table),
        proxy=read_proxy(table),
        format=cast(AnswerFormat, table.choice("format", plain.format, _FORMATS)),
        effort=cast(Effort, table.choice("effort", plain.effort, _EFFORTS)),
        temperature=table.number("temperature", plain.temperature, low=0, high=2),
        seed=table.whole("seed", plain.seed, low=0, high=2**31 - 1),
        brief=table.whole("brief", plain.brief, low=1_000, high=400_000),
        timeout=table.number("timeout", plain.timeout, low=1, high=3_600),
        retries=table.whole("retries", plain.retries, low=0, high=10),
        max_seconds=table.number("max_seconds", plain.max_seconds, low=1, high=86_400),
        max_bytes=table.whole("max_bytes", plain.max_bytes, low=10_000, high=50_000_000),
        max_tokens=table.whole("max_tokens", plain.max_tokens, low=0, high=1_000_000_000),
        answer_tokens=table.whole("answer_tokens", plain.answer_tokens, low=100, high=100_000),
        max_cost=table.number("max_cost", plain.max_cost, low=0, high=1_000_000),
        price_in=table.number("price_in", plain.price_in, low=0, high=1_000_000),
        price_out=table.number("price_out", plain.price_out, low=0, high=1_000_000),
    )
    _agree(table, settings)
    return settings


def _agree(table: Reader, settings: WriterSettings) -> None:
    if settings.endpoint and not settings.model:
        table.require("model", because="the endpoint has to be told which model writes")
    if settings.model and not table.has("endpoint"):
        table.require("endpoint", because="a model needs an endpoint, such as 'http://localhost:11434/v1'")
    if settings.max_cost and not (settings.price_in or settings.price_out):
        table.fault(f"{table.name}.max_cost: says nothing without price_in and price_out, for a million tokens each")
    if settings.api_key_env and settings.endpoint.lower().startswith("http:") and not is_near(settings.endpoint):
        table.fault(f"{table.name}.endpoint: would carry the key in the clear over the net; use https")


def is_near(address: str) -> bool:
    """Whether an address leads to this machine or the network round it: such a name or number, as it is written."""
    from ipaddress import ip_address
    from urllib.parse import urlsplit

    host = (urlsplit(address).hostname or "").rstrip(".")
    try:
        found = ip_address(host)
    except ValueError:
        return "." not in host or host.endswith(_NEAR_ZONES)
    return found.is_loopback or found.is_private or found.is_link_local


def _endpoint(table: Reader) -> str:
    """An absolute http(s) address; one with a password is not shown."""
    given = table.text("endpoint", "").strip()
    if not given:
        return ""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(given)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        has_secret = parts.username is not None or bool(parts.fragment)
    except ValueError:
        is_web = has_secret = False
    if has_secret:
        table.fault(f"{table.name}.endpoint: holds a user name or a fragment; the key is named by api_key_env")
        return ""
    if not is_web or not given.isascii() or not given.isprintable() or " " in given:
        table.fault(
            f"{table.name}.endpoint: must be an absolute http or https address, such as http://localhost:11434/v1"
        )
        return ""
    return given


def _variable(table: Reader) -> str:
    """The name of an environment variable; what is none may be the key itself, and is not repeated."""
    name = table.text("api_key_env", "")
    if name and not _VARIABLE.fullmatch(name):
        table.fault(f"{table.name}.api_key_env: must be the name of an environment variable, such as WRITER_KEY")
        return ""
    return name
