"""Mails and pages, damaged by a seeded hand: each is read or refused, and nothing else happens.

In the suite some hundreds; more by ``SLIPWAY_DAMAGED=20000 python -m pytest -q -s tests/ingest/test_damaged_documents.py``.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from ingest.articles import saved_page
from ingest.articles.extraction import extract
from ingest.files import email_message
from notes.errors import ParseError
from tests.ingest import test_email_message as mails
from tests.ingest.pages import ARTICLE, ARTICLE_ZH

NOW = datetime(2026, 2, 20, 12, tzinfo=UTC)
COUNT = int(os.environ.get("SLIPWAY_DAMAGED", "400"))

MAILS = [
    mails.mail(mails.NEWSLETTER),
    mails.mail(mails.ZH.encode("gbk"), kind="text/plain; charset=gb2312", transfer="base64"),
    mails.multipart(
        "mixed", mails.PLAIN, b"Content-Type: message/rfc822\n\n" + mails.mail(mails.HTML), head=mails.HEAD
    ),
    *(mails.HEAD.encode() + body for body, _ in mails.PARTS.values()),
]
PAGES = [
    ARTICLE.encode(),
    ARTICLE_ZH.encode(),
    ARTICLE_ZH.replace("©", "").encode("gbk"),
    b"<!-- saved from url=(0024)https://example.org/b -->" + ARTICLE.encode(),
]
MARKUP = [
    *(
        b"&#1;",
        b"\x00",
        b"\x1f",
        b"<!--",
        b"-->",
        b"<div>" * 30,
        b"</div>",
        b"<table>",
        b"<tr><td>",
        b"<p hidden>",
        b"<pre>",
        b"<code>",
    ),
    *(
        b"<span style='display:none'>",
        b"<br><br>",
        b"<time datetime='99999-01-01'>",
        b"<meta charset=utf-16>",
        b"<base href='//['>",
    ),
    *(
        b"<a href='http://[bad'>",
        b"<svg>",
        b"<math>",
        b"<body hidden>",
        b"</body>",
        b"<html>",
        b"<frameset>",
        b"<template>",
        b"<b<>",
    ),
    *(
        b"]]>",
        b"<![CDATA[",
        b"<?xml version='1.0' encoding='x'?>",
        b'<script type="application/ld+json">{"datePublished":"x"',
        b"</script>",
    ),
]


def damaged(seed: int, whole: Sequence[bytes], pieces: Sequence[bytes]) -> bytes:
    """One of the documents with a few bytes changed, taken out, doubled or put in."""
    hand = random.Random(seed)
    body = bytearray(hand.choice(whole))
    for _ in range(hand.randrange(1, 14)):
        at = hand.randrange(len(body) + 1)
        act = hand.randrange(4)
        if act == 0:
            body[at : at + 1] = bytes([hand.randrange(256)])
        elif act == 1:
            del body[at : at + hand.randrange(1, 200)]
        elif act == 2:
            body[at:at] = hand.choice(pieces) * hand.randrange(1, 4)
        else:
            body[at:at] = body[at : at + hand.randrange(1, 300)]
    return bytes(body)


def campaign(count: int, whole: Sequence[bytes], pieces: Sequence[bytes], read: Callable[[bytes], object]) -> float:
    """Reads so many damaged documents; returns the seconds that the slowest took."""
    slowest = 0.0
    refused = 0
    for seed in range(count):
        body = damaged(seed, whole, pieces)
        started = time.process_time()
        try:
            read(body)
        except ParseError:
            refused += 1
        slowest = max(slowest, time.process_time() - started)
    print(f"{count} documents, {refused} refused, slowest {slowest:.3f} s")
    assert refused < count / 2, "they are damaged beyond what a test is for"
    return slowest


def test_damaged_mails() -> None:
    assert campaign(COUNT, MAILS, mails.FRAGMENTS, lambda body: email_message.read(body, "x.eml", now=NOW)) < 2


def test_damaged_mailboxes() -> None:
    box = [b"".join(b"From x\n" + mail + b"\n\n" for mail in MAILS)]
    assert (
        campaign(COUNT // 8, box, mails.FRAGMENTS, lambda body: email_message.read_mailbox(body, "x.mbox", now=NOW)) < 2
    )


def test_damaged_pages() -> None:
    assert campaign(COUNT // 8, PAGES, MARKUP, lambda body: extract(body, "https://example.org/a", "", NOW)) < 5


def test_damaged_saved_pages() -> None:
    assert campaign(COUNT // 8, PAGES, MARKUP, lambda body: saved_page.read(body, "x.html", now=NOW)) < 5
