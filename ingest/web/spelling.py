"""How an address is written: taken apart where every reader of URLs takes it alike, and hosts in one spelling."""

from __future__ import annotations

import re
from urllib.parse import quote

from ingest.web.remedies import MISTYPED, NO_SECRETS, NO_WEB
from notes.errors import RefusedError

__all__ = ["ascii_name", "parts_of", "refused"]

_URL = re.compile(r"(https?)://([^/?#]*)([^#]*)(?:#.*)?", re.IGNORECASE | re.DOTALL)
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:@]+)(?::([0-9]{0,5}))?")
_UNSEEN = re.compile("[\x00-\x20\x7f-\xa0\\\\\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ud800-\udfff]")
_SAFE_IN_PATHS = "/?%:@!$&'()*+,;=-._~[]|"
# As nearly all addresses are written, with nothing in them that is hidden or has to be quoted: seen at one look.
_PLAIN = re.compile(r"(https?)://([a-z0-9.-]+)(?::([0-9]{1,5}))?(/[A-Za-z0-9_.~/?%:@!$&'()*+,;=\[\]|-]*)?")
_MAX_URL = 8_192


def parts_of(url: str) -> tuple[str, str, str | None, str]:
    """Scheme, host and port as they are written, and the path as it is sent. Raises RefusedError."""
    if len(url) <= _MAX_URL and (plain := _PLAIN.fullmatch(url)) is not None:
        return plain[1], plain[2], plain[3], plain[4] or "/"
    match = None if len(url) > _MAX_URL or _UNSEEN.search(url) else _URL.fullmatch(url)
    if match is None:
        raise refused(url, "not a plain http or https address", NO_WEB)
    authority, path = match[2], match[3]
    if "@" in authority:
        shown = "…@" + authority.rpartition("@")[2]
        raise refused(shown, "user name and password in the address", NO_SECRETS)
    parts = _AUTHORITY.fullmatch(authority)
    if parts is None:
        raise refused(url, "the host is malformed")
    path = quote(path if path.startswith("/") else f"/{path}", safe=_SAFE_IN_PATHS)
    return match[1].lower(), parts[1], parts[2], path


def ascii_name(written: str) -> str:
    """A host's name as it is looked up: in ASCII and lower case. Raises ValueError where it has no such form."""
    lowered = written.lower()
    if lowered.isascii():
        return lowered
    import idna

    return idna.encode(lowered).decode("ascii")


def refused(place: str, why: str, hint: str = MISTYPED) -> RefusedError:
    """The error that says why ``place`` is not fetched."""
    shown = place if len(place) <= 200 else f"{place[:200]}…"
    return RefusedError(f"refused to fetch {shown!r}: {why}", hint=hint, place=place, why=why)
