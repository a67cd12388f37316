"""What the sources of the scripted year publish: thirty kinds of trouble, and documents that follow from the seed."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache, lru_cache

__all__ = ["FIRST_NIGHT", "SHARE", "TRAITS", "Script", "Source", "Whole", "rss"]

FIRST_NIGHT = datetime(2026, 1, 1, 3, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)

# What is the matter with a source, all year long or on some nights.
TRAITS = (
    "plain",
    "max-age",
    "ttl",
    "skip days",
    "skewed expires",
    "wait in seconds",
    "wait until a date",
    "errors",
    "dead for weeks",
    "gone",
    "gone once",
    "moved",
    "moved twice",
    "captive portal",
    "found elsewhere",
    "drips",
    "cut short",
    "cut without a length",
    "cut in chunks",
    "new guids",
    "one guid",
    "scheme flips",
    "web page",
    "emptied",
    "title edits",
    "undated",
    "future dates",
    "shrinks",
    "no validators",
    "slow and cached for a year",
)
# On how many nights in a hundred the fault shows.
SHARE = Counter(
    {
        "wait in seconds": 10,
        "wait until a date": 10,
        "errors": 20,
        "captive portal": 8,
        "drips": 2,
        "cut short": 10,
        "cut without a length": 10,
        "cut in chunks": 10,
        "web page": 10,
        "emptied": 10,
        "shrinks": 10,
    }
)
WORDS = [
    hashlib.sha256(f"word {n}".encode()).hexdigest()[:7].translate(str.maketrans("0123456789", "ghijklmnop"))
    for n in range(4000)
]


@dataclass(frozen=True)
class Source:
    """One feed: its trait, how often it posts (a night), how many entries its document holds, and its hosts."""

    number: int
    trait: str
    rate: float
    window: int

    @property
    def key(self) -> str:
        return f"s{self.number:03d}-{self.trait.replace(' ', '-')}"

    @property
    def host(self) -> str:
        return f"h{self.number}.example.com"

    @property
    def new_host(self) -> str:
        return f"new{self.number}.example.net"

    @property
    def newer_host(self) -> str:
        return f"newer{self.number}.example.org"

    @property
    def validators(self) -> tuple[str, ...]:
        if self.trait == "no validators":
            return ()
        return (("etag", "date"), ("etag",), ("date",))[self.number % 3]

    @classmethod
    def make(cls, number: int, seed: int) -> Source:
        trait = TRAITS[number % len(TRAITS)]
        rng = random.Random(f"{seed} {number}")
        rate = 1 / 45 if trait.startswith("slow") else rng.choice((0.1, 0.3, 0.7, 1.5))
        return cls(number, trait, rate, rng.choice((6, 10, 20)))


@dataclass(frozen=True)
class Whole:
    """A document as it is sent: the bytes, the entries in it, its validators."""

    body: bytes
    entries: frozenset[int]
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True)
class Script:
    """What happens on which night, and what the feeds then hold."""

    seed: int
    nights: int

    def has_fault(self, source: Source, night: int) -> bool:
        """Whether the source's trait shows on this night; the first four nights are good to everyone."""
        if night < 4:
            return False
        return random.Random(f"{self.seed} fault {source.number} {night}").random() * 100 < SHARE[source.trait]

    def began(self, source: Source) -> int:
        """The night on which what happens once happens to the source."""
        return random.Random(f"{self.seed} once {source.number}").randrange(8, max(9, self.nights // 2))

    def published(self, source: Source, night: int) -> int:
        """How many entries the source has posted by this night."""
        return _published(self.seed, source, night)

    def document(self, source: Source, night: int, fetch_number: int) -> Whole:
        """The feed on this night."""
        last = self.published(source, night)
        is_shrunk = source.trait == "shrinks" and self.has_fault(source, night)
        window = max(source.window // 3, 2) if is_shrunk else source.window
        numbers = range(max(last - window, 0), last)
        # Where some feeds have their newest entries, at the end, is where a cut takes them away.
        order = numbers if source.trait.startswith("cut") and source.number % 2 else reversed(numbers)
        entries = [self._entry(source, number, night, fetch_number) for number in order]
        body = rss(source, entries, stamp=str(fetch_number) if source.trait == "new guids" else "")
        digest = hashlib.sha256(body).hexdigest()[:16]
        changed = FIRST_NIGHT + self._changed(source, night) * DAY
        return Whole(
            body,
            frozenset(numbers),
            f'"{digest}"' if "etag" in source.validators else "",
            format_datetime(changed, usegmt=True) if "date" in source.validators else "",
        )

    def _changed(self, source: Source, night: int) -> int:
        """The last night on which the document became another one."""
        if source.trait in {"scheme flips", "title edits", "shrinks", "future dates"}:
            return night
        while night > 0 and self.published(source, night) == self.published(source, night - 1):
            night -= 1
        return night

    def _entry(self, source: Source, number: int, night: int, fetch_number: int) -> str:
        title, text = _wording(self.seed, source.number, number)
        if source.trait == "title edits" and number % 2 and night % 2:
            title = f"{title} [updated]"
        scheme = "https" if source.trait == "scheme flips" and night % 2 else "http"
        guid = {"new guids": f"{number}-{fetch_number}", "one guid": "always the same"}.get(source.trait, f"e{number}")
        if source.trait == "scheme flips":
            guid = f"{scheme}://{source.host}/posts/{number}"
        return _ITEM.format(
            title=title,
            link=f"{scheme}://{source.host}/posts/{number}",
            guid=guid,
            date=self._date(source, number, night),
            text=text,
        )

    def _date(self, source: Source, number: int, night: int) -> str:
        if source.trait == "undated":
            return ""
        if source.trait == "future dates" and number % 3 == 0:
            return "<pubDate>" + format_datetime(FIRST_NIGHT + (night + 3000) * DAY, usegmt=True) + "</pubDate>"
        posted = FIRST_NIGHT + timedelta(days=_night_of(self.seed, source, number), hours=-number % 24)
        return "<pubDate>" + format_datetime(posted, usegmt=True) + "</pubDate>"


_ITEM = """<item><title>{title}</title><link>{link}</link><guid isPermaLink="false">{guid}</guid>{date}
<description>{text}</description></item>"""
_SKIP = "<skipDays><day>Saturday</day><day>Sunday</day></skipDays>"


def rss(source: Source, entries: list[str], *, stamp: str) -> bytes:
    hints = {"skip days": _SKIP, "ttl": "<ttl>1200</ttl>"}.get(source.trait, "")
    built = f"<generator>{stamp}</generator>" if stamp else ""
    head = f"<title>Feed {source.number}</title><link>http://{source.host}/</link>{hints}{built}"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{"".join(entries)}</channel></rss>'.encode()


@cache
def _posts(seed: int, source: Source, night: int) -> int:
    """How many entries a source posts in the day before a night; on night 0 it has some already."""
    rng = random.Random(f"{seed} posts {source.number} {night}")
    if night == 0:
        return rng.randrange(4, source.window + 1)
    whole = int(source.rate)
    return whole + (rng.random() < source.rate - whole)


@cache
def _published(seed: int, source: Source, night: int) -> int:
    return _posts(seed, source, 0) if night <= 0 else _published(seed, source, night - 1) + _posts(seed, source, night)


@cache
def _night_of(seed: int, source: Source, number: int) -> int:
    """The night of an entry; those before the first lie days apart."""
    first = _posts(seed, source, 0)
    if number < first:
        return round((number - first) / max(source.rate, 0.02))
    night = 0
    while _published(seed, source, night) <= number:
        night += 1
    return night


@lru_cache(maxsize=100_000)
def _wording(seed: int, source: int, number: int) -> tuple[str, str]:
    """A title and a text that no other entry resembles."""
    rng = random.Random(f"{seed} text {source} {number}")
    return " ".join(rng.choices(WORDS, k=7)), " ".join(rng.choices(WORDS, k=60)) + "."
