"""The configured writer: made from ``[writer]`` for a night's posts, and told of in the night's report.

Where ``[writer]`` names no endpoint, nothing here imports what could ask one.
"""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from slipway.settings.writer import is_near

if TYPE_CHECKING:
    from publish.post.assignment import Writer
    from publish.writers.model_writer import ModelWriter
    from slipway.app import App
    from slipway.settings.values import WriterSettings

__all__ = ["key_trouble", "reported", "writer_of"]

FOLDER = "writer"
"""In the state folder, beside the cache: what lies there was paid for."""


def writer_of(app: App, *, offline: bool = False) -> ModelWriter | None:
    """The language model that ``[writer]`` names; None where it names none, or nobody may be asked."""
    settings = app.config.writer
    if not settings.endpoint or offline:
        return None
    if trouble := key_trouble(settings):
        app.reporter.warn(f"writer: {trouble}; the posts are written without it")
        return None
    from publish.writers.answers import Answers
    from publish.writers.chat import Format, Manner, Sampling
    from publish.writers.endpoint import Endpoint
    from publish.writers.model_writer import ModelWriter, Terms
    from publish.writers.spending import Limits, Purse

    folder = app.config.state / FOLDER
    answers = Answers(folder / "answers")
    answers.prune()
    limits = Limits(
        seconds=settings.max_seconds,
        answer_seconds=settings.timeout,
        tokens=settings.max_tokens,
        cost=settings.max_cost,
        price_in=settings.price_in,
        price_out=settings.price_out,
    )
    terms = Terms(
        sampling=Sampling(settings.model, settings.temperature, settings.seed, settings.answer_tokens, settings.effort),
        audience=app.config.write.audience,
        size=settings.brief,
        retries=settings.retries,
        manner=Manner(format=Format.SCHEMA if settings.format == "auto" else Format(settings.format)),
        is_fixed=settings.format != "auto",
    )
    return ModelWriter(
        Endpoint(settings.endpoint, _key(settings), _proxy(settings), settings.max_bytes),
        terms,
        answers=answers,
        purse=Purse(folder / "spent.json", app.clock.today().isoformat(), limits),
    )


def reported(writer: Writer | None) -> tuple[dict[str, int], tuple[str, ...]]:
    """Counts and warnings of a night's writer; ``writer cost`` is in hundredths of the currency of the prices, rounded up."""
    if writer is None:
        return {}, ()
    from publish.writers.model_writer import ModelWriter

    if not isinstance(writer, ModelWriter):
        return {}, ()
    report = writer.report
    counts = {
        "writer requests": report.asked,
        "writer answers kept": report.kept,
        "writer tokens": report.tokens_in + report.tokens_out,
        "writer cost": math.ceil(report.cost * 100),
        "writer sentences refused": report.refused.total(),
    }
    warnings = [f"writer: {trouble}" for trouble in report.troubles]
    if report.unanswered:
        parts = f"{report.unanswered} part{'s' * (report.unanswered != 1)}"
        warnings.append(f"writer: {parts} of the posts were told in the sources' own sentences instead")
    # A few fall every night; where many do, something is wrong with the model, the language or the prompt.
    if report.refused.total() > report.told:
        reasons = ", ".join(f"{reason} ({count})" for reason, count in sorted(report.refused.items()))
        warnings.append(f"writer: most sentences of {writer.name} were not taken: {reasons}")
    return {name: count for name, count in counts.items() if count}, tuple(warnings)


def key_trouble(settings: WriterSettings) -> str:
    """Why the key cannot be had; empty when it can, or none is wanted."""
    if settings.api_key_env and not _key(settings):
        return f"the environment variable {settings.api_key_env} is empty"
    return ""


def _key(settings: WriterSettings) -> str:
    return os.environ.get(settings.api_key_env, "").strip() if settings.api_key_env else ""


def _proxy(settings: WriterSettings) -> str:
    """The proxy's address for the endpoint, with its password; empty where it is reached without."""
    if not settings.proxy or is_near(settings.endpoint):
        return ""
    from ingest.web.guard import Target
    from ingest.web.proxy import proxies_of

    parts = urlsplit(settings.endpoint)
    port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    proxy = proxies_of(settings.proxy).proxy_for(Target(parts.scheme, parts.hostname or "", port, "/"))
    return f"{proxy.scheme}://{_user(proxy.authorization)}{proxy.place}" if proxy else ""


def _user(authorization: str) -> str:
    """``user:password@`` of a Proxy-Authorization."""
    if not authorization:
        return ""
    from base64 import b64decode

    name, _, password = b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
    return f"{quote(name, safe='')}:{quote(password, safe='')}@"
