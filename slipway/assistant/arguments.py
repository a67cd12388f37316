"""What the tools of the server take: each argument with its limits, and with words for the one who asks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from notes.errors import UsageError
from notes.markup.terminal import terminal

__all__ = ["Arguments", "Newest", "Read", "Related", "Search", "parsed"]

Name = Annotated[str, Field(max_length=200)]


class Arguments(BaseModel):
    """The arguments of a tool; what is not among them is refused by name."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Filters(Arguments):
    """Among which documents."""

    kinds: list[Literal["note", "post", "item"]] = Field(
        default=[], max_length=3, description="Only these kinds: permanent notes, daily posts, inbox items. Empty: all."
    )
    tag: Name = Field(default="", description="Only with this tag or one nested below it, such as arxiv/cs.")
    source: Name = Field(
        default="", description="Only from this source, by its name as results give it, or by its key."
    )
    topic: Name = Field(default="", description="Only of this topic, by its name or id.")
    since: Name = Field(
        default="",
        description="Only from this day on: 2026-02-20, 2026-02, 2026-W08, yesterday, or back from today: 7d.",
    )
    until: Name = Field(default="", description="Only up to this day, in the same forms.")
    lang: Name = Field(default="", description="Only in this language: en, zh (both scripts), zh-Hans, zh-Hant ...")


class Search(Filters):
    """The arguments of ``search``."""

    query: str = Field(
        min_length=1, max_length=1000, description="What to look for, in words or a sentence, Chinese or English."
    )
    n: int = Field(default=10, ge=1, le=30, description="How many results.")
    mode: Literal["hybrid", "semantic", "lexical"] = Field(
        default="hybrid", description="How to rank: by words and meaning (hybrid), meaning only, or words only."
    )


class Newest(Filters):
    """The arguments of ``recent``."""

    n: int = Field(default=20, ge=1, le=100, description="How many.")


class Read(Arguments):
    """The arguments of ``read``."""

    id: str = Field(
        min_length=1,
        max_length=1000,
        description="An id as search and related give it; or its beginning, a path in the vault, or an exact title.",
    )
    offset: int = Field(default=0, ge=0, le=100_000_000, description="The character to begin at; see next_offset.")
    limit: int = Field(default=20_000, ge=1, le=50_000, description="At most this many characters.")


class Related(Arguments):
    """The arguments of ``related``."""

    id: str = Field(min_length=1, max_length=1000, description="An id as search gives it; or a path or exact title.")
    n: int = Field(default=10, ge=1, le=50, description="How many.")


def parsed(kind: type[Arguments], given: dict[str, object]) -> Arguments:
    """The arguments, checked; UsageError names each that is wrong, and not what was given for it."""
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        faults = [
            f"{terminal('.'.join(map(str, one['loc'])))[:80] or 'arguments'}: {one['msg']}" for one in error.errors()
        ]
        raise UsageError("; ".join(faults[:5]), hint=f"it takes {', '.join(kind.model_fields)}") from None
