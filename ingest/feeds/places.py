"""What an address tells by itself: arXiv's lists, places whose feed stands where a rule says, places that have none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, unquote_plus, urlsplit

from notes.errors import ParseError, UsageError

__all__ = ["FoundFeed", "arxiv_feed", "feed_by_rule", "refuse_without_feed", "typed_address", "typed_addresses"]

_CATEGORY = r"(?:q|[a-z]{2,10})(?:-[a-z]{2,5})?(?:\.[A-Za-z]{2}|\.[a-z]+(?:-[a-z]+)*)?"
_ARXIV_HOST = re.compile(r"(?:www\.|export\.|rss\.)?arxiv\.org")
_ARXIV_PATH = re.compile(rf"/(?:list|rss|atom)/({_CATEGORY}(?:\+{_CATEGORY})*)(?:/\w+)?/?")
# As people name a category without an address; its capitals tell it from a host (".ai" is one's end).
_NAMED = re.compile(r"(?:cs|econ|eess|math|physics|q-bio|q-fin|stat)\.[A-Z]{2}")
# Pages whose feed stands at a place that the page does not always name: host, path, and the feed's address.
_BY_RULE = (
    (
        r"github\.com",
        r"/([\w.-]+)/([\w.-]+?)(?:\.git)?(?:/releases(?:/.*)?)?/?",
        "https://github.com/{1}/{2}/releases.atom",
    ),
    (r"github\.com", r"/([\w.-]+)/([\w.-]+)/(tags|commits/[^?]+?)/?", "https://github.com/{1}/{2}/{3}.atom"),
    (
        r"(?:www\.|m\.)?youtube\.com",
        r"/channel/(UC[\w-]{22})(?:/.*)?",
        "https://www.youtube.com/feeds/videos.xml?channel_id={1}",
    ),
    (r"medium\.com", r"/(@?[\w.-]+)(?:/.*)?", "https://medium.com/feed/{1}"),
    (r"([\w-]+)\.(medium|substack)\.com", r"/.*", "https://{h1}.{h2}.com/feed"),
    (r"(?:www\.|old\.)?reddit\.com", r"/(r/\w+|user/[\w-]+)/?", "https://www.reddit.com/{1}/.rss"),
    (r"pypi\.org", r"/project/([\w.-]+)(?:/.*)?", "https://pypi.org/rss/project/{1}/releases.xml"),
)
_PLAYLIST = re.compile(r"PL[\w-]{10,60}")
_NO_FEED = {
    "mp.weixin.qq.com": "WeChat",
    "weixin.qq.com": "WeChat",
    "weixin.sogou.com": "WeChat",
    "x.com": "X",
    "twitter.com": "X",
    "weibo.com": "Weibo",
    "zhihu.com": "Zhihu",
    "zhuanlan.zhihu.com": "Zhihu",
    "bilibili.com": "Bilibili",
    "space.bilibili.com": "Bilibili",
    "xiaohongshu.com": "Xiaohongshu",
    "linkedin.com": "LinkedIn",
}
_BRIDGE = (
    "run a bridge such as RSSHub (for WeChat also WeWe RSS) and add the address that it gives, on this machine with "
    "`--allow loopback`"
)


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that was found; ``kind`` is ``rss``, ``atom``, ``json``, ``arxiv`` or '' when only its page vouches for it.

    An arXiv source has ``categories`` or a ``query`` in the API's syntax. ``comments`` marks a feed of readers' words.
    Of kind ``file`` it is a document or a folder on this machine, and ``url`` its absolute path.
    """

    url: str
    title: str
    kind: str
    categories: tuple[str, ...] = ()
    query: str = ""
    comments: bool = False


def typed_address(url: str) -> str:
    """The address as the user typed it, with the ``https://`` that people leave out. Raises UsageError."""
    return typed_addresses(url)[0]


def typed_addresses(url: str) -> tuple[str, ...]:
    """What the user may mean, in the order to try it: where no scheme was typed, https and then http. Raises UsageError.

    ``cs.CL`` and ``cs.CL+cs.AI`` are arXiv's.
    """
    if all(map(_NAMED.fullmatch, categories := url.strip().split("+"))):
        return (f"https://arxiv.org/list/{'+'.join(categories)}/new",)
    typed = re.sub(r"^feed:(?://)?(?=https?:)", "", url.strip(), flags=re.IGNORECASE)
    bare = re.sub(r"^feed://", "", typed, flags=re.IGNORECASE)
    has_scheme = bare == typed and re.match(r"[a-z][a-z0-9+.-]*:(?!\d)", typed, re.IGNORECASE)
    addresses = (typed,) if has_scheme else (f"https://{bare}", f"http://{bare}")
    try:
        parts = urlsplit(addresses[0])
        if parts.scheme.lower() in {"http", "https"} and parts.hostname and not re.search(r"\s", parts.netloc):
            return addresses
    except ValueError:
        pass
    raise UsageError(f"{url!r} is no address of the web", hint="write for example https://example.org/blog")


def arxiv_feed(address: str) -> FoundFeed | None:
    """The arXiv source that the address of a list, a feed or a search of arXiv stands for."""
    parts = urlsplit(address)
    if not _ARXIV_HOST.fullmatch(parts.hostname or ""):
        return None
    if parts.path.rstrip("/") == "/api/query":
        query = parse_qs(parts.query).get("search_query", [""])[0]
        return FoundFeed(address, f"arXiv: {query}", "arxiv", query=query) if query else None
    found = _ARXIV_PATH.fullmatch(unquote_plus(parts.path.replace("+", "%2B")))
    if found is None:
        return None
    categories = tuple(dict.fromkeys(found[1].split("+")))
    return FoundFeed(
        f"https://rss.arxiv.org/rss/{'+'.join(categories)}", f"arXiv {', '.join(categories)}", "arxiv", categories
    )


def refuse_without_feed(address: str) -> None:
    """Raises ParseError, with what to do instead, for an address of a place that has no feeds."""
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    if name := _NO_FEED.get(host):
        raise ParseError(f"{name} gives no feed", hint=_BRIDGE)


def feed_by_rule(address: str) -> str:
    """Where the feed of this place stands by the place's own rule; '' when there is none."""
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    if host.endswith("youtube.com") and _PLAYLIST.fullmatch(wanted := parse_qs(parts.query).get("list", [""])[0]):
        return f"https://www.youtube.com/feeds/videos.xml?playlist_id={wanted}"
    for host_form, path_form, feed in _BY_RULE:
        names, places = re.fullmatch(host_form, host), re.fullmatch(path_form, parts.path)
        if names and places:
            found = {f"h{n}": part for n, part in enumerate(names.groups(), 1)}
            return feed.format("", *(quote(part or "", safe="/@") for part in places.groups()), **found)
    return ""
