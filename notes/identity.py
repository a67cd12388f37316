"""What makes two entries of the world the same: arXiv ids, DOIs, canonical addresses, content hashes."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

__all__ = ["arxiv_category", "arxiv_id", "canonical_url", "content_hash", "doi", "item_key"]

# https://info.arxiv.org/help/arxiv_identifier.html: four digits after the dot until 2014, five since 2015.
_NEW_ID = r"(?:0[7-9]|[1-9]\d)(?:0[1-9]|1[0-2])\.\d{4,5}"
_ARCHIVE = (
    r"(?:acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs|dg-ga"
    r"|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|physics|plasm-ph"
    r"|q-alg|q-bio|quant-ph|solv-int|supr-con)"
)
_OLD_ID = rf"{_ARCHIVE}(?:\.[A-Z][A-Z-]{{1,9}})?/\d{{7}}"
_ID = rf"(?P<base>{_NEW_ID}|{_OLD_ID})(?:v(?P<version>[1-9]\d?))?(?!\w|\.?\d)"
# https://arxiv.org/category_taxonomy; by its form, since arXiv opens new archives.
_CATEGORY = re.compile(
    r"(?P<archive>(?:[A-Z]{1,10}-)?[A-Z]{2,10})(?:\.(?P<subject>[A-Z]{2}|[A-Z]+(?:-[A-Z]+)*))?", re.IGNORECASE
)
# Of today, and of old papers (arxiv.org/category_taxonomy, arxiv.org/archive): a feed's own tags are words, too ("reasoning").
_ARCHIVES = frozenset(
    "astro-ph cond-mat cs econ eess gr-qc hep-ex hep-lat hep-ph hep-th math math-ph nlin nucl-ex nucl-th physics q-bio q-fin"
    " quant-ph stat acc-phys adap-org alg-geom ao-sci atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas dg-ga funct-an"
    " mtrl-th patt-sol plasm-ph q-alg solv-int supr-con".split()
)
# The same listing under two names.
_ALIASES = {
    "math.IT": "cs.IT",
    "math.MP": "math-ph",
    "stat.TH": "math.ST",
    "cs.SY": "eess.SY",
    "cs.NA": "math.NA",
    "q-fin.EC": "econ.GN",
}
_BARE_ID = re.compile(_ID, re.IGNORECASE)
_NAMED_ID = re.compile(
    r"(?:arxiv(?:\.org)?\s*:\s*|10\.48550/arxiv\.|\barxiv\.org/(?:abs|pdf|html|format|ps|e-print|src|list|a)/"
    r"|ar5iv\.(?:labs\.arxiv\.)?org/(?:abs|html)/|(?:alphaxiv\.org/(?:abs|overview|pdf)|huggingface\.co/papers)/)"
    + _ID,
    re.IGNORECASE,
)
_ARXIV_HOSTS = re.compile(r"(?:(?:www|export|browse|\w\w)\.)?arxiv\.org|ar5iv\.(?:labs\.arxiv\.)?org", re.IGNORECASE)
_PAPER_HOSTS = re.compile(
    rf"{_ARXIV_HOSTS.pattern}|alphaxiv\.org|huggingface\.co|(?:dx\.)?doi\.org",
    re.IGNORECASE,
)
_DOI = re.compile(r"(?<![A-Za-z0-9.])10\.\d{4,9}(?:\.\d+)*/[^\s\"'<>{}|\\^`，。；、）】」』]+", re.IGNORECASE)
# Journals of the nineties name an article by its issue and <page>: 10.1002/(SICI)1097-4571(1998)49:8<693::AID-ASI4>3.0.CO;2-O
_PAGE_IN_DOI = re.compile(r"<\d+:[^\s<>\"']{0,40}>[\w.]{1,12};[\w-]{1,6}", re.IGNORECASE)
# An address that is canonical but for what stands round it: most posts have such a one.
_PLAIN = re.compile(r"https?://(?:www\.)?+([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]+)((?:/[A-Za-z0-9_-]+)+)/?")
_HOST_NAME = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")
_DOI_HOSTS = frozenset({"doi.org", "dx.doi.org", "www.doi.org"})

_TRACKING = re.compile(
    r"utm_\w+|mtm_\w+|pk_\w+|hsa_\w+|_hs(?:enc|mi)|(?:fb|g|dc|ms|y|tw|tt|li_fat_|ir)cl?id|gclsrc|gad_source|[gw]braid"
    r"|mc_[ce]id|igshid|igsh|mkt_tok|oly_(?:anon|enc)_id|vero_id|wickedid|ref_src|ref_url|xtor|_ga|_gl|cmpid|ncid"
    r"|spm|share_token|si|trk|at_medium|at_campaign",
    re.IGNORECASE,
)
# These keys mean something to some sites: they go only with a value that names the road, not the page.
_ROAD_KEYS = frozenset({"ref", "source", "from", "via", "src"})
_ROAD_VALUE = re.compile(
    r"(?:rss|feed|atom|newsletter|email|twitter|hn)\b.*|.*\brss|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.IGNORECASE
)
_PLAIN_ANCHOR = re.compile(r"[\w.~%!-]+")
_ROAD_ANCHOR = re.compile(
    r"(?:comments?|respond|more|top|main|content|rss|feed|atom)\b.*|more-\d+|atom-.*", re.IGNORECASE
)
_OTHER_SPACES = ("  ", *"\t\n\v\f\r\x1c\x1d\x1e\x1f")  # than single blanks, in ASCII
_SAFE = re.compile(r"[A-Za-z0-9/:@!$&'()*+,;=._~?-]*")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def arxiv_id(text: str) -> tuple[str, int] | None:
    """The arXiv id that ``text`` is or names, as (base id, version); version 0 when none is given.

    Knows new and old ids (``quant-ph/0201082``, ``math.GT/0309136``), ``arXiv:…``, ``oai:arXiv.org:…``, the addresses
    of arXiv and its mirrors, and arXiv's DOIs. In running text an id counts only after one of these names.
    """
    stripped = text.strip()
    match = _BARE_ID.fullmatch(stripped.removesuffix(".pdf")) or _NAMED_ID.search(unquote(stripped))
    if match is None:
        return None
    # The subject class of an old id (math.GT/...) is an ornament; the archive is part of the id.
    base = re.sub(r"\.[a-z-]+/", "/", match["base"].lower())
    return base, int(match["version"] or 0)


def arxiv_category(text: str) -> str:
    """The name by which arXiv itself calls a category (``math.IT`` is ``cs.IT``); empty for what is none.

    Among a paper's categories arXiv's API also gives classes of the ACM and the MSC (``68T45``, ``I.2.7``).
    """
    match = _CATEGORY.fullmatch(text.strip())
    if match is None or match["archive"].lower() not in _ARCHIVES:
        return ""
    archive, subject = match["archive"].lower(), match["subject"] or ""
    # Two letters stand in capitals (cs.CL), words do not (physics.optics).
    name = f"{archive}.{subject.upper() if len(subject) == 2 else subject.lower()}" if subject else archive
    return _ALIASES.get(name, name)


def doi(text: str) -> str:
    """The first DOI in ``text`` (a DOI, its address, or running text), lower case; empty when there is none or it was cut."""
    if not text:
        return ""
    plain = unquote(text).replace("&lt;", "<").replace("&gt;", ">")
    match = _DOI.search(plain)
    if match is None:
        return ""
    if page := _PAGE_IN_DOI.match(plain, match.end()):
        return f"{match.group()}{page.group()}".lower()
    found = match.group().rstrip(".,;:!?*")
    if re.match(r"<\d", plain[match.end() :]) or ("(sici)" in found.lower() and ";" not in found):
        return ""  # without the page it names a whole issue
    while found.endswith((")", "]")) and found.count(found[-1]) > found.count("(" if found[-1] == ")" else "["):
        found = found[:-1].rstrip(".,;:!?*")
    return found.lower()


def canonical_url(url: str) -> str:
    """The one address for all the ways to write ``url``; empty when it is not http(s).

    Lower host without ``www.``, ``https``, no port of the scheme, user, fragment, tracking parameters or trailing
    slash; parameters sorted; escapes normalised (RFC 3986 §6.2). Every form of an arXiv paper gives
    ``https://arxiv.org/abs/ID`` without version, every form of a DOI ``https://doi.org/…``.
    """
    parts = _split(url)
    return _canonical(parts, _host(parts)) if parts else ""


def _split(url: str) -> SplitResult | None:
    stripped = re.sub(r"[\x00-\x20\x7f]+", "", url) if url.strip() != url or "\n" in url else url
    try:
        parts = urlsplit(stripped)
        has_host = bool(parts.hostname) and (parts.port is None or parts.port >= 0)
    except ValueError:
        return None
    return parts if parts.scheme.lower() in {"http", "https"} and has_host else None


def _canonical(parts: SplitResult, host: str) -> str:
    if work := _work_address(parts, host):
        return work
    query = _query(parts.query) if parts.query else ""
    path = _normal_escapes(_without_dots(parts.path)).rstrip("/")
    return f"https://{host}{path}{'?' if query else ''}{query}" if host else ""


def _host(parts: SplitResult) -> str:
    """Host and port as they stand in the canonical address; empty when no such host can exist."""
    name = (parts.hostname or "").rstrip(".").removeprefix("www.")
    try:
        name = name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    if not _HOST_NAME.fullmatch(name):
        return ""
    bracketed = f"[{name}]" if ":" in name else name
    return bracketed if parts.port in {None, 80, 443} else f"{bracketed}:{parts.port}"


def _work_address(parts: SplitResult, host: str) -> str:
    """The address of the paper itself where ``parts`` is one of its forms at arXiv or a DOI; else empty."""
    if host in _DOI_HOSTS and (found := doi(parts.path)):
        arxiv = arxiv_id(found)
        return f"https://arxiv.org/abs/{arxiv[0]}" if arxiv else f"https://doi.org/{quote(found, safe='/:;().,-_~')}"
    if _ARXIV_HOSTS.fullmatch(host) and (named := arxiv_id(f"arxiv.org{_abs_path(parts.path)}")):
        return f"https://arxiv.org/abs/{named[0]}"
    return ""


def _abs_path(path: str) -> str:
    return re.sub(r"\.(?:pdf|html?)$", "", path.rstrip("/"))


def _without_dots(path: str) -> str:
    if "/." not in path and not path.startswith("."):
        return path
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[max(1, len(kept) - 1) :]
        elif segment != ".":
            kept.append(segment)
    return "/".join(kept)


def _normal_escapes(text: str) -> str:
    def normal(match: re.Match[str]) -> str:
        character = chr(int(match.group(1), 16))
        return character if character in _UNRESERVED else match.group().upper()

    if _SAFE.fullmatch(text):
        return text
    return quote(re.sub(r"%([0-9A-Fa-f]{2})", normal, text), safe="%/:@!$&'()*+,;=-._~?")


def _query(query: str) -> str:
    kept = [(key, value) for key, value in parse_qsl(query, keep_blank_values=True) if not _tracks(key, value)]
    return urlencode(sorted(kept))


def _tracks(key: str, value: str) -> bool:
    if _TRACKING.fullmatch(key):
        return True
    return key.lower() in _ROAD_KEYS and _ROAD_VALUE.fullmatch(value) is not None


def content_hash(title: str, text: str) -> str:
    """``1:`` and the SHA-256, in hex, of title and text with white space made single; ``1`` is the rule's version."""
    normal = f"{_single_spaced(title)}\n{_single_spaced(text)}"
    return f"1:{hashlib.sha256(normal.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _single_spaced(text: str) -> str:
    """The text with all white space made single blanks, and none at its ends."""
    # Paragraphs of ASCII need not be taken apart word by word.
    line = text.replace("\n\n", " ") if text.isascii() else "  "
    for space in _OTHER_SPACES:
        if space in line:
            return " ".join(text.split())
    return line.strip(" ")


def item_key(*, arxiv_id: str, url: str, guid: str, source: str, title: str, text: str) -> str:
    """The identity of an entry: ``arxiv:…``, else ``url:…``, else ``guid:<source>:…``, else ``hash:<sha256>``.

    An address that cannot tell two entries of a feed apart is passed over: a bare host is a home page. An anchor
    that names a part of a page (``/changelog#2.3.15``) belongs to the key; one that names the road there does not.
    """
    plain = _PLAIN.fullmatch(url)
    if plain and not arxiv_id and not _PAPER_HOSTS.fullmatch(plain[1]):
        return f"url:{plain[1]}{plain[2]}"
    parts = _split(url) if url else None
    host = _host(parts) if parts else ""
    if paper := _paper(arxiv_id, parts, host):
        return f"arxiv:{paper}"
    if page := _page(parts, host):
        return f"url:{page}"
    if guid.strip():
        return f"guid:{source}:{guid.strip()}"
    return f"hash:{content_hash(title, text).partition(':')[2]}"


def _paper(given_id: str, parts: SplitResult | None, host: str) -> str:
    # A page that carries a paper's address in its query is not the paper.
    address = f"{host}{_abs_path(parts.path)}" if parts and _PAPER_HOSTS.fullmatch(host) else ""
    found = (arxiv_id(given_id) if given_id else None) or (arxiv_id(address) if address else None)
    return found[0] if found else ""


def _page(parts: SplitResult | None, host: str) -> str:
    if not parts:
        return ""
    address, anchor = _canonical(parts, host).removeprefix("https://"), parts.fragment
    if anchor and _PLAIN_ANCHOR.fullmatch(anchor) and not _ROAD_ANCHOR.fullmatch(anchor):
        return f"{address}#{anchor}"
    return address if "/" in address or "?" in address else ""
