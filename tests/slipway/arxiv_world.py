"""A small arXiv that lives through a month: papers, cross-lists, replacements and withdrawals, told by RSS, API and OAI-PMH.

Made from a seed. Everything the three services say follows from the same papers and from ``today``, the day of the feed.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from email.utils import format_datetime
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from tests.serving import Reply, Request, ScriptedServer

EASTERN = ZoneInfo("America/New_York")
OURS = ("cs.CL", "cs.LG")
FIRST, LAST = date(2026, 2, 16), date(2026, 3, 17)  # the clocks are put forward on March 8
HOLIDAY = date(2026, 2, 26)
WITHDRAWAL = "This paper has been withdrawn by the authors due to an error in Lemma 2"
WORDS = "agents skills memory retrieval planning language models rewards long context tools graphs proofs speech code".split()


@dataclass
class Version:
    submitted: datetime
    comment: str
    day: date  # of its feed


@dataclass
class Paper:
    id: str
    title: str
    abstract: str
    authors: list[str]
    categories: list[str]
    versions: list[Version]
    cross_day: date | None = None  # since when the paper is cross-listed to one of ours
    told: dict[date, str] = field(default_factory=dict)  # how our feed announces it, by day

    def number_at(self, day: date) -> int:
        return sum(version.day <= day for version in self.versions)

    def categories_at(self, day: date) -> list[str]:
        if self.cross_day is None or self.cross_day <= day:
            return self.categories
        return [name for name in self.categories if name not in OURS]

    def datestamp_at(self, day: date) -> date:
        """The last change of the record."""
        return max(
            [version.day for version in self.versions if version.day <= day]
            + [self.cross_day] * bool(self.cross_day and self.cross_day <= day)
        )

    @property
    def log(self) -> list[tuple[int, datetime]]:
        return [(number, version.submitted) for number, version in enumerate(self.versions, start=1)]

    @property
    def is_withdrawn(self) -> bool:
        return self.versions[-1].comment == WITHDRAWAL


def feed_days() -> list[date]:
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    return [day for day in days if day.weekday() < 5 and day != HOLIDAY]


def deadline(day: date) -> datetime:
    """When submissions for the feed of ``day`` closed."""
    back = 3 if day.weekday() == 0 else 1
    return datetime.combine(day - timedelta(days=back), clock(14), EASTERN).astimezone(UTC)


class World:
    """The papers, and the server that tells of them. ``cap`` is how many entries the RSS holds at most."""

    def __init__(
        self, seed: int = 0, *, busy: date, missed: tuple[date, ...] = (), cap: int = 2_000, per_day: int = 12
    ):
        self.random = random.Random(seed)
        self.cap = cap
        self.today = FIRST
        self.down = False
        self.papers: dict[str, Paper] = {}
        self.spans: list[tuple[float, float, str]] = []
        self.forgets_tokens = 1
        self.empty_pages = 1
        self._numbers: dict[str, int] = {}
        self._lock = threading.Lock()
        days = feed_days()
        before = deadline(FIRST) - timedelta(days=1)
        for day in days:
            self._submit(day, before, per_day * (5 if day == busy else 1))
            self._revise(day, before, days)
            before = deadline(day)
        self._hard_cases(days, missed)

    # --- making ----------------------------------------------------------------------------------------------------

    def _moment(self, day: date, before: datetime) -> datetime:
        seconds = (deadline(day) - before).total_seconds()
        return (before + timedelta(seconds=self.random.randrange(1, int(seconds)))).replace(microsecond=0)

    def _id(self, submitted: datetime) -> str:
        month = f"{submitted:%y%m}"
        self._numbers[month] = self._numbers.get(month, 1000) + 1
        return f"{month}.{self._numbers[month]:05}"

    def _paper(self, submitted: datetime, day: date, categories: list[str], name: str = "") -> Paper:
        name = name or self._id(submitted)
        words = " ".join(self.random.choices(WORDS, k=5))
        paper = Paper(
            name,
            f"On {words} {name}: $V_{{max}}<{self.random.randrange(99)}$",
            f"We study {words}. Paper {name} shows that $x<y$ & more at {self.random.randrange(100)}% on ALFWorld.",
            [f"A. Author{self.random.randrange(99)}", "Zoë Müller", "B. Example Jr."],
            categories,
            [Version(submitted, self.random.choice(["", "12 pages", "Code at https://github.com/example/x"]), day)],
        )
        self.papers[name] = paper
        return paper

    def _submit(self, day: date, before: datetime, count: int) -> None:
        for n in range(count):
            kind = n % 6
            if kind == 4:  # ours from the first day, by a cross-list
                self._paper(self._moment(day, before), day, ["cs.CV", self.random.choice(OURS)]).told[day] = "cross"
            elif kind == 5:  # somebody else's, and perhaps ours later
                self._paper(self._moment(day, before), day, ["cs.CV"])
            else:
                more = self.random.choice([[], ["cs.AI"], ["cs.IT", "math.IT"], ["cs.LG"]])
                names = list(dict.fromkeys([self.random.choice(OURS), *more]))
                self._paper(self._moment(day, before), day, names).told[day] = "new"

    def _revise(self, day: date, before: datetime, days: list[date]) -> None:
        known = [paper for paper in self.papers.values() if paper.told and max(paper.told) < day]
        for paper in self.random.sample(known, min(4, len(known))):
            self.replace(paper, day, before, self.random.choice(["v2, 13 pages", "accepted at ACL 2026", WITHDRAWAL]))
        stranger = f"23{self.random.randrange(1, 13):02}.{self.random.randrange(99999):05}"
        if stranger not in self.papers:
            old = self._paper(datetime(2023, 1, 5, tzinfo=UTC), date(2023, 1, 6), ["cs.CL"], stranger)
            self.replace(old, day, before, "a late revision")
        others = [
            p
            for p in self.papers.values()
            if not p.told and p.categories == ["cs.CV"] and day > p.versions[0].day > day - timedelta(days=9)
        ]
        if others and self.random.random() < 0.5:
            self.cross_list(self.random.choice(others), day)

    def replace(self, paper: Paper, day: date, before: datetime, comment: str) -> None:
        if paper.is_withdrawn or day in paper.told:
            return
        paper.versions.append(Version(self._moment(day, before), comment, day))
        paper.told[day] = "replace" if paper.categories[0] in OURS else "replace-cross"

    def cross_list(self, paper: Paper, day: date) -> None:
        paper.categories = [*paper.categories, self.random.choice(OURS)]
        paper.cross_day = day
        paper.told[day] = "cross"

    def _hard_cases(self, days: list[date], missed: tuple[date, ...]) -> None:
        """On each missed night: a paper replaced on it and again on the next day, a late cross-list, one long held back."""
        old = self._paper(
            datetime(2002, 1, 18, 15, 8, 5, tzinfo=UTC), date(2002, 1, 21), ["quant-ph"], "quant-ph/0201082"
        )
        self.cross_list(old, days[3])
        for day in missed:
            place = days.index(day)
            before, after = deadline(days[place - 1]), days[place + 1]
            paper = next(p for p in self.papers.values() if len(p.versions) == 1 and p.told and max(p.told) < day)
            self.replace(paper, day, before, "half mended")
            self.replace(paper, after, deadline(day), "mended")
            other = next(
                p for p in self.papers.values() if not p.told and day > p.versions[0].day > day - timedelta(days=8)
            )
            self.cross_list(other, day)
            held = deadline(day) - timedelta(days=9)
            self._paper(held, day, ["cs.CL"]).told[day] = "new"

    def expected(self) -> dict[str, Paper]:
        """The papers that our feeds announce as new or by a cross-list, by their base ids."""
        return {paper.id: paper for paper in self.papers.values() if {"new", "cross"} & set(paper.told.values())}

    # --- telling ---------------------------------------------------------------------------------------------------

    def serve(self) -> ScriptedServer:
        name = f"/rss/{'+'.join(OURS)}"
        return ScriptedServer(
            {name: self._timed(self.rss), "/api/query": self._timed(self.api), "/oai": self._timed(self.oai)}
        )

    def _timed(self, answer):
        """The answer with its times on the server's clock, from the request to the last byte."""

        def timed(request: Request) -> Reply:
            if self.down:
                return Reply(b"down", status=503)
            reply = answer(request)
            body = reply.body
            assert isinstance(body, bytes)

            def chunks() -> Iterator[bytes]:
                time.sleep(0.002)
                yield body
                with self._lock:
                    self.spans.append((request.at, time.monotonic(), request.path))

            return Reply(
                chunks(), status=reply.status, headers=reply.headers, content_type="text/xml", content_length=len(body)
            )

        return timed

    def rss(self, request: Request) -> Reply:
        told = sorted(paper.id for paper in self.papers.values() if self.today in paper.told)
        items = "".join(self._rss_item(self.papers[name]) for name in told[: self.cap])
        midnight = format_datetime(datetime.combine(self.today, clock(), EASTERN))
        return Reply(
            f"""<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel>
<title>cs.CL, cs.LG updates on arXiv.org</title><link>http://rss.arxiv.org/rss/cs.CL+cs.LG</link>
<lastBuildDate>{midnight}</lastBuildDate><pubDate>{midnight}</pubDate>
<skipDays><day>Saturday</day><day>Sunday</day></skipDays>{items}</channel></rss>""".encode()
        )

    def _rss_item(self, paper: Paper) -> str:
        number, kind = paper.number_at(self.today), paper.told[self.today]
        midnight = format_datetime(datetime.combine(self.today, clock(), EASTERN))
        return f"""<item><title>{escape(paper.title)}</title><link>https://arxiv.org/abs/{paper.id}</link>
<description>arXiv:{paper.id}v{number} Announce Type: {kind}
Abstract: {escape(paper.abstract)}</description><guid isPermaLink="false">oai:arXiv.org:{paper.id}v{number}</guid>
{"".join(f"<category>{name}</category>" for name in paper.categories_at(self.today))}<pubDate>{midnight}</pubDate>
<arxiv:announce_type>{kind}</arxiv:announce_type><dc:creator>{", ".join(paper.authors)}</dc:creator></item>"""

    def _visible(self) -> list[Paper]:
        return [paper for paper in self.papers.values() if paper.number_at(self.today)]

    def api(self, request: Request) -> Reply:
        asked = request.query
        start, size = int(asked.get("start", 0)), int(asked["max_results"])
        if "id_list" in asked:
            found = [self.papers[name] for name in asked["id_list"].split(",") if name in self.papers]
        else:
            names = {
                part.removeprefix("cat:")
                for part in asked["search_query"].replace("(", "").replace(")", "").split()
                if part.startswith("cat:")
            }
            found = [paper for paper in self._visible() if names & set(paper.categories_at(self.today))]
            if asked["sortBy"] == "submittedDate":
                found.sort(key=lambda paper: (paper.versions[0].submitted, paper.id), reverse=True)
            else:
                found.sort(
                    key=lambda paper: (paper.versions[paper.number_at(self.today) - 1].submitted, paper.id),
                    reverse=True,
                )
        page = found[start : start + size]
        if start and page and self.empty_pages:
            self.empty_pages -= 1
            page = []
        entries = "".join(self._api_entry(paper) for paper in page)
        return Reply(
            f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom"
 xmlns="http://www.w3.org/2005/Atom"><id>https://arxiv.org/api/x</id><title>arXiv Query</title>
<opensearch:totalResults>{len(found)}</opensearch:totalResults><opensearch:startIndex>{start}</opensearch:startIndex>
{entries}</feed>""".encode()
        )

    def _api_entry(self, paper: Paper) -> str:
        number = paper.number_at(self.today)
        last = paper.versions[number - 1]
        comment = f"<arxiv:comment>{escape(last.comment)}</arxiv:comment>" if last.comment else ""
        names = paper.categories_at(self.today)
        return f"""<entry><id>http://arxiv.org/abs/{paper.id}v{number}</id><title>{escape(paper.title)}</title>
<updated>{last.submitted:%Y-%m-%dT%H:%M:%SZ}</updated><published>{paper.versions[0].submitted:%Y-%m-%dT%H:%M:%SZ}</published>
<summary>{escape(paper.abstract)}</summary>{"".join(f'<category term="{name}"/>' for name in names)}{comment}
<arxiv:primary_category term="{names[0]}"/>{"".join(f"<author><name>{name}</name></author>" for name in paper.authors)}</entry>"""

    def oai(self, request: Request) -> Reply:
        asked = request.query
        if token := asked.get("resumptionToken"):
            if self.forgets_tokens:
                self.forgets_tokens -= 1
                return self._oai_reply('<error code="badResumptionToken">expired</error>')
            place, since, name = token.split("|")
        else:
            place, since, name = "0", asked["from"], asked["set"]
        category = name.partition(":")[2].replace(":", ".")
        records = sorted(
            (paper.datestamp_at(self.today).isoformat(), paper.id, paper)
            for paper in self._visible()
            if category in paper.categories_at(self.today) and paper.datestamp_at(self.today).isoformat() >= since
        )
        if not records:
            return self._oai_reply('<error code="noRecordsMatch"/>')
        start, size = int(place), 40
        told = "".join(self._oai_record(stamp, paper) for stamp, _, paper in records[start : start + size])
        is_last = start + size >= len(records)
        token = "" if is_last else f"{start + size}|{since}|{name}"
        return self._oai_reply(
            f'<ListRecords>{told}<resumptionToken cursor="{start}" completeListSize="{len(records)}">{token}</resumptionToken></ListRecords>'
        )

    def _oai_reply(self, content: str) -> Reply:
        return Reply(
            f"""<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
<responseDate>2026-02-20T00:00:00Z</responseDate>{content}</OAI-PMH>""".encode()
        )

    def _oai_record(self, stamp: str, paper: Paper) -> str:
        versions = paper.versions[: paper.number_at(self.today)]
        log = "".join(
            f'<version version="v{n}"><date>{format_datetime(one.submitted, usegmt=True)}</date><size>{"0kb" if one.comment == WITHDRAWAL else "12kb"}</size></version>'
            for n, one in enumerate(versions, start=1)
        )
        return f"""<record><header><identifier>oai:arXiv.org:{paper.id}</identifier><datestamp>{stamp}</datestamp></header>
<metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{paper.id}</id><submitter>A</submitter>{log}
<title>{escape(paper.title)}</title><authors>{" and ".join(paper.authors)}</authors>
<categories>{" ".join(paper.categories_at(self.today))}</categories><comments>{escape(versions[-1].comment)}</comments>
<abstract>  {escape(paper.abstract)}
</abstract></arXivRaw></metadata></record>"""
