"""Mails as entries: which part, which characters, which words are left out, and what breaks nothing."""

from __future__ import annotations

import base64
import quopri
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.files import email_message
from ingest.files.email_message import read, read_mailbox
from ingest.files.leaving import is_leaving
from ingest.files.mail_text import unworded
from ingest.reading.html import blocks
from notes.errors import ParseError

NOW = datetime(2026, 2, 20, 12, tzinfo=UTC)
ZH = "研究人员提出了一种新的方法，可以让语言模型在长任务中管理自己的上下文。"
HANT = "研究人員提出了一種新的方法，可以讓語言模型在長任務中管理自己的上下文。"
JA = "研究者たちは、言語モデルが長い作業の中で自分の文脈を管理できる新しい方法を提案した。"
HEAD = (
    "From: Jane Doe <jane@lab.example.org>\nTo: me@example.org\nSubject: Skills of the week\nMessage-ID: <w7@lab.example.org>\n"
    "Date: Wed, 11 Feb 2026 08:30:00 +0800\nMIME-Version: 1.0\n"
)
HTML = "<html><body><p>Agents that keep their skills reach 89.9% on ALFWorld.</p></body></html>"


def mail(
    body: str | bytes, *, head: str = HEAD, kind: str = "text/html; charset=utf-8", transfer: str = "8bit"
) -> bytes:
    octets = body.encode() if isinstance(body, str) else body
    packed = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}.get(transfer, bytes)(octets)
    return f"{head}Content-Type: {kind}\nContent-Transfer-Encoding: {transfer}\n\n".encode() + packed


def multipart(kind: str, *parts: bytes, head: str = "", boundary: str = "b0") -> bytes:
    joined = b"".join(b"--" + boundary.encode() + b"\n" + part + b"\n" for part in parts)
    top = f'{head}Content-Type: multipart/{kind}; boundary="{boundary}"\n\n'.encode()
    return top + joined + b"--" + boundary.encode() + b"--\n"


def one(body: bytes):
    title, (entry,), warnings = read(body, "w7.eml", now=NOW)
    assert warnings == ()
    return title, entry, [block.text for block in blocks(entry.body)[0]]


def test_a_newsletter():
    title, entry, texts = one(
        mail(
            HTML,
            head=HEAD + 'List-Id: "Lab Notes" <notes.lab.example.org>\nArchived-At: <https://lab.example.org/w7>\n',
        )
    )
    assert (title, entry.title, entry.external_id, entry.authors) == (
        "Lab Notes",
        "Skills of the week",
        "w7@lab.example.org",
        ("Jane Doe",),
    )
    assert entry.published == datetime(2026, 2, 11, 0, 30, tzinfo=UTC)
    assert entry.link == "https://lab.example.org/w7"
    assert texts == ["Agents that keep their skills reach 89.9% on ALFWorld."]


TITLES = {
    "the list's name": ('List-Id: "Lab Notes" <l.example.org>\n', "Lab Notes"),
    "the list's name in words": ("List-Id: =?utf-8?b?5a6e6aqM5a6k?= <l.example.org>\n", "实验室"),
    "the sender, where the list is nameless": ("List-Id: <l.example.org>\n", "Jane Doe"),
    "the sender": ("", "Jane Doe"),
}


@pytest.mark.parametrize(("head", "title"), TITLES.values(), ids=TITLES)
def test_the_source_is_called_by(head, title):
    assert one(mail(HTML, head=HEAD + head))[0] == title


def test_without_a_sender_the_list_is_called_by_its_address():
    head = "Subject: x\nList-Post: <mailto:notes@l.example.org>\n"
    assert one(mail(HTML, head=head))[0] == "notes@l.example.org"


ENCODINGS = {
    f"{name}, {transfer}": (encoding, label, transfer, text)
    for name, encoding, label, text in (
        ("utf-8 declared", "utf-8", "utf-8", ZH),
        ("utf-8 undeclared", "utf-8", "", ZH),
        ("gbk declared", "gbk", "gbk", ZH),
        ("gbk as gb2312", "gbk", "gb2312", ZH + "朱镕基"),
        ("gbk undeclared", "gbk", "", ZH),
        ("gbk as us-ascii", "gbk", "us-ascii", ZH),
        ("gbk as utf-8", "gbk", "utf-8", ZH),
        ("big5 declared", "big5", "big5", HANT),
        ("big5 undeclared", "big5", "", HANT),
        ("iso-2022-jp declared", "iso-2022-jp", "iso-2022-jp", JA),
        ("iso-2022-jp undeclared", "iso-2022-jp", "", JA),
        ("utf-16", "utf-16", "utf-16", ZH),
    )
    for transfer in ("8bit", "base64", "quoted-printable")
    if (encoding, transfer) != ("utf-16", "8bit")
}


@pytest.mark.parametrize(("encoding", "label", "transfer", "text"), ENCODINGS.values(), ids=ENCODINGS)
@pytest.mark.parametrize("kind", ["text/html", "text/plain"])
def test_characters_survive(encoding, label, transfer, text, kind):
    body = (f"<html><body><p>{text}</p></body></html>" if kind == "text/html" else text).encode(encoding)
    _, _, texts = one(mail(body, kind=f"{kind}; charset={label}" if label else kind, transfer=transfer))
    assert texts == [text]


def test_a_charset_in_the_page_itself():
    body = f'<html><head><meta charset="big5"></head><body><p>{HANT}</p></body></html>'.encode("big5")
    assert one(mail(body, kind="text/html", transfer="base64"))[2] == [HANT]


def encoded(text: str, charset: str, label: str = "", form: str = "b") -> str:
    octets = text.encode(charset)
    packed = base64.b64encode(octets).decode() if form == "b" else "".join(f"={octet:02X}" for octet in octets)
    return f"=?{label or charset}?{form}?{packed}?="


SUBJECTS = {
    "plain": ("Skills of the week", "Skills of the week"),
    "base64": (encoded("本周的技能", "utf-8"), "本周的技能"),
    "quoted": (encoded("本周的技能", "utf-8", form="q"), "本周的技能"),
    "gbk as gb2312": (encoded("朱镕基谈技能", "gbk", "gb2312"), "朱镕基谈技能"),
    "big5": (encoded("本週的技能", "big5"), "本週的技能"),
    "iso-2022-jp": (encoded("今週の技能", "iso-2022-jp"), "今週の技能"),
    "folded words are joined": (f"{encoded('本周', 'utf-8')}\n {encoded('的技能', 'utf-8')}", "本周的技能"),
    "divided amid a character": (
        f"=?utf-8?b?{base64.b64encode('技能'.encode()[:4]).decode()}?= =?utf-8?b?{base64.b64encode('技能'.encode()[4:]).decode()}?=",
        "技能",
    ),
    "mixed with ascii": (f"Re: {encoded('技能', 'utf-8')} (2)", "Re: 技能 (2)"),
    "forwarded": (f"Fwd: FW: {encoded('转发：技能', 'utf-8')}", "技能"),
    "unknown charset": ("=?x-klingon?b?c2tpbGxz?=", "skills"),
    "broken base64": ("=?utf-8?b?c2tpbGx?=", "skill"),
    "markup is text": ("<b>Skills</b> &amp; x<y", "<b>Skills</b> &amp; x<y"),
    "injected header": (encoded("Skills\r\nBcc: all@example.org", "utf-8"), "Skills Bcc: all@example.org"),
}


@pytest.mark.parametrize(("raw", "title"), SUBJECTS.values(), ids=SUBJECTS)
def test_subjects(raw, title):
    from html import unescape

    entry = one(mail(HTML, head=HEAD.replace("Skills of the week", raw)))[1]
    assert unescape(entry.title) == title


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "big5"])
def test_a_subject_of_bare_bytes(encoding):
    text = (
        "研究人員讓語言模型在長任務中管理自己的上下文"
        if encoding == "big5"
        else "研究人员让语言模型在长任务中管理自己的上下文"
    )
    raw = mail(HTML).replace(b"Skills of the week", text.encode(encoding))
    assert one(raw)[1].title == text


PLAIN = b"Content-Type: text/plain; charset=utf-8\n\nThe plain words.\n"
RICH = b"Content-Type: text/html; charset=utf-8\n\n<html><body><p>The rich words.</p></body></html>\n"
ATTACHED = b'Content-Type: text/html\nContent-Disposition: attachment; filename="x.html"\n\n<html><body><p>Not shown.</p></body></html>\n'
AMP = b"Content-Type: text/x-amp-html\n\n<html><body><p>AMP</p></body></html>\n"
IMAGE = b"Content-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n"
PARTS = {
    "html before plain": (multipart("alternative", PLAIN, AMP, RICH), ["The rich words."]),
    "plain alone": (multipart("alternative", PLAIN, AMP), ["The plain words."]),
    "attachments are not the text": (multipart("mixed", ATTACHED, PLAIN, IMAGE), ["The plain words."]),
    "within related within mixed": (
        multipart(
            "mixed", multipart("related", multipart("alternative", PLAIN, RICH, boundary="b2"), IMAGE, boundary="b1")
        ),
        ["The rich words."],
    ),
    "html with a footer of the list": (multipart("mixed", RICH, PLAIN), ["The rich words."]),
    "without an end": (multipart("alternative", PLAIN, RICH).rsplit(b"--b0--", 1)[0], ["The rich words."]),
}


@pytest.mark.parametrize(("body", "texts"), PARTS.values(), ids=PARTS)
def test_which_part_is_the_text(body, texts):
    assert one(HEAD.encode() + body)[2] == texts


def test_an_attached_mail_is_an_entry_of_its_own():
    inner = mail(HTML.replace("Agents", "Robots"), head=HEAD.replace("w7@", "w6@").replace("Skills", "Robots"))
    body = multipart("mixed", PLAIN, b"Content-Type: message/rfc822\n\n" + inner, head=HEAD.replace("<w7", "<fwd"))
    _, entries, _ = read(body, "fwd.eml", now=NOW)
    assert [(entry.external_id, entry.title) for entry in entries] == [("w6@lab.example.org", "Robots of the week")]


def test_a_long_word_with_an_attached_mail_stays():
    inner = mail(HTML, head=HEAD.replace("w7@", "w6@"))
    letter = b"Content-Type: text/plain\n\n" + b"A letter with much to say of its own. " * 20 + b"\n"
    body = multipart("mixed", letter, b"Content-Type: message/rfc822\n\n" + inner, head=HEAD)
    assert [entry.external_id for entry in read(body, "x.eml", now=NOW)[1]] == [
        "w7@lab.example.org",
        "w6@lab.example.org",
    ]


NEWSLETTER = """<html><body>
<div style="display:none;max-height:0">Preheader that only inboxes show</div>
<span style="mso-hide:all">Another</span>
<table><tr><td><p><a href="https://news.example.org/v/42?u=secret">View this email in your browser</a></p></td></tr>
<tr><td><h2>Agents that keep their skills</h2><p>They reach 89.9% on ALFWorld, says <a href="https://click.example.org/c/abc">the paper</a>.
It takes long household tasks, on which plain agents forget what they had set out to do, and lets them call skills by name.
The library stays small, since skills that were never used apart are merged into one, and those without use are dropped after a month.</p></td></tr>
<tr><td><p>You are receiving this because you signed up at example.org. <a href="https://news.example.org/unsub?u=secret">Unsubscribe</a>
 | <a href="https://news.example.org/prefs?u=secret">Manage preferences</a></p></td></tr></table>
<img src="https://track.example.org/open.gif?u=secret" width="1" height="1"></body></html>"""


def test_what_only_a_mailbox_needs_is_left_out():
    _, entry, texts = one(mail(NEWSLETTER))
    assert texts[0] == "Agents that keep their skills"
    assert len(texts) == 2
    assert "secret" not in entry.body.replace("open.gif?u=secret", "")
    assert blocks(entry.body)[1] == ("https://click.example.org/c/abc",)


def test_with_the_rule_off_the_readers_own_links_stay(monkeypatch):
    """The positive control."""
    monkeypatch.setattr(email_message, "_without_leaving", lambda page: page)
    _, entry, texts = one(mail(NEWSLETTER))
    assert any("Unsubscribe" in text for text in texts)
    assert "https://news.example.org/unsub?u=secret" in blocks(entry.body)[1]


LETTER = (
    "The letter itself tells of agents that keep their skills, of what they reach on ALFWorld, and at what price. " * 4
)
SEEN = {
    "a size of nothing around the letter (MJML)": (
        f'<table><tr><td style="direction:ltr;font-size:0px;padding:20px"><div style="font-size:13px">{LETTER}</div></td></tr></table>',
        LETTER,
    ),
    "a size of nothing, set otherwise by a table": (
        f'<div style="font-size:0"><table><tr><td>{LETTER}</td></tr></table></div>',
        LETTER,
    ),
    "a size of nothing, set otherwise by a class": (f'<div style="font-size:0"><p class="x">{LETTER}</p></div>', LETTER),
    "less than one": (f'<p style="font-size:0.875rem">{LETTER}</p>', LETTER),
    "a face that is not seen from behind": (f'<div style="backface-visibility:hidden">{LETTER}</div>', LETTER),
    "a height of almost nothing": (f'<p style="max-height:0.5em">{LETTER}</p>', LETTER),
    "the whole letter hidden": (f'<p>Hi.</p><div style="display:none">{LETTER}</div>', f"Hi. {LETTER}"),
    "the whole letter without size": (f'<p>Hi.</p><div style="font-size:0"><p>{LETTER}</p></div>', f"Hi. {LETTER}"),
    "a button of its own for Outlook": (f'<p>{LETTER}</p><p><a style="mso-hide:all" href="/x">Read on</a></p>', f"{LETTER} Read on"),
    "a preheader by size": (f'<div style="font-size: 0">Psst, <b>you</b></div><p>{LETTER}</p>', LETTER),
    "a preheader of no size, relatively": (f'<div style="font-size:0px"><b style="font-size:2em">Psst</b></div><p>{LETTER}</p>', LETTER),
    "a preheader by height": (f'<div style="MAX-HEIGHT: 0px; overflow:hidden">Psst</div><p>{LETTER}</p>', LETTER),
    "a preheader by visibility": (f'<div style="visibility: hidden !important">Psst</div><p>{LETTER}</p>', LETTER),
    "a preheader by display": (f'<div style="display: none">Psst</div><p>{LETTER}</p>', LETTER),
    "a preheader longer than the mail": ('<div style="display:none">Psst, a long word</div><p>Hello.</p>', "Hello."),
}  # fmt: skip


@pytest.mark.parametrize(("page", "text"), SEEN.values(), ids=SEEN)
def test_what_is_seen_stays(page, text):
    assert " ".join(one(mail(f"<html><body>{page}</body></html>"))[2]).split() == text.split()


ABOUT_LEAVING = {
    "a word on opting out": '<p>Users may <a href="https://x.example.org/opt-out-policies">opt out</a> of training.</p>',
    "a policy": '<p>Read the <a href="https://x.example.org/policy">opt-out policies</a> of ten labs.</p>',
    "a story": '<p><a href="https://x.example.org/unsubscribe-buttons">Unsubscribe rates fell in 2025</a></p>',
    "a Chinese story": '<p><a href="https://x.example.cn/1">取消订阅为什么这么难</a></p>',
    "a paragraph without a link": "<p>How to opt out of tracking, and why few do.</p>",
}
LEAVING = {
    "a tracked link": '<p><a href="https://click.example.org/abc">Unsubscribe</a></p>',
    "two languages": '<p><a href="https://click.example.org/abc">退订 Unsubscribe</a></p>',
    "a link that says here": '<p>To leave our list click <a href="https://x.example.org/unsubscribe?u=secret">here</a>.</p>',
    "a sentence": '<p>No mail any more? <a href="https://x.example.org/c/abc">Unsubscribe from this list</a></p>',
    "Chinese": '<p>不想再收到邮件？<a href="https://x.example.cn/t?u=1">点击退订</a></p>',
    "preferences": '<p><a href="https://x.example.org/c/1">Manage your email preferences</a></p>',
    "in a browser": '<p><a href="https://x.example.org/c/1">View this email in your browser</a></p>',
}


@pytest.mark.parametrize("line", ABOUT_LEAVING.values(), ids=ABOUT_LEAVING)
def test_what_is_about_leaving_stays(line):
    texts = one(mail(f"<html><body><p>{LETTER}</p>{line}</body></html>"))[2]
    assert len(texts) == 2


@pytest.mark.parametrize("line", LEAVING.values(), ids=LEAVING)
def test_what_calls_for_leaving_goes(line):
    texts = one(mail(f"<html><body><p>{LETTER}</p>{line}</body></html>"))[2]
    assert len(texts) == 1


def test_a_link_to_leave_amid_a_paragraph_loses_its_address_alone():
    story = f'<p>{LETTER} See <a href="https://x.example.org/unsubscribe?u=secret">our policy on mail</a>.</p>'
    _, entry, texts = one(mail(f"<html><body>{story}<p>{LETTER}</p></body></html>"))
    assert texts[0].endswith("See our policy on mail.")
    assert "secret" not in entry.body


PLAIN_TEXTS = {
    "folded prose": (f"{LETTER[:70]}\n{LETTER[70:100]}\n", f"<p>{LETTER[:70].strip()} {LETTER[70:100].strip()}</p>"),
    "lines": ("Monday: talks\nTuesday: more talks\n", "<p>Monday: talks<br>Tuesday: more talks</p>"),
    "a list": ("This week:\n- one\n  goes on\n* two\n", "<p>This week:</p><ul><li>one goes on</li><li>two</li></ul>"),
    "a list of long lines": (f"- {'a ' * 40}\n- b", f"<ul><li>{'a ' * 39}a</li><li>b</li></ul>"),
    "numbers": ("1. one\n2. two", "<p>1. one<br>2. two</p>"),
    "indented code": ("See:\n\n    def f(x):\n        return x < 1\n", "<p>See:</p><pre>    def f(x):\n        return x &lt; 1</pre>"),
    "fenced code": ("See\n```python\na = 1\n\nb = 2\n```\nSo.", "<p>See</p><pre>a = 1\n\nb = 2</pre><p>So.</p>"),
    "a farewell": ("News.\n\nTo unsubscribe from this list, visit\nhttps://x.example.org/u?x=secret", "<p>News.</p>"),
    "a farewell below other lines": ("Jane\nThe lab\nUnsubscribe: https://x.example.org/u?x=secret", "<p>Jane<br>The lab</p>"),
    "a word on opting out": ("You can opt out of training, they say.", "<p>You can opt out of training, they say.</p>"),
    "a Chinese story": ("取消订阅为什么这么难", "<p>取消订阅为什么这么难</p>"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "markup"), PLAIN_TEXTS.values(), ids=PLAIN_TEXTS)
def test_plain_text_keeps_its_lines(text, markup):
    assert one(mail(text, kind="text/plain; charset=utf-8"))[1].body == markup


@pytest.mark.parametrize(
    "text", ["点" * 399, "if you " * 56, "you are receiving " * 22, "click here to " * 28, "- " * 190]
)
def test_words_before_a_call_are_read_in_time(text):
    started = time.process_time()
    is_leaving(text)
    assert time.process_time() - started < 1


def test_references_to_no_character_break_nothing():
    page = "<html><body><p>Some&#1; text that is</p><p><a href='/unsubscribe'>x</a>&#x0; long&#65535; enough &#xD800;to stay.</p></body></html>"
    assert one(mail(page))[2] == ["Some text that is", "long enough to stay."]


def test_a_mail_of_one_line_stays():
    _, _, texts = one(
        mail(
            "<html><body><p>The lab moves. <a href='https://x.example.org/unsubscribe'>Unsubscribe</a></p></body></html>"
        )
    )
    assert texts == ["The lab moves."]


def test_plain_text_keeps_its_links_and_loses_its_farewell():
    text = f"{ZH}\n见 https://example.cn/a?b=1&c=2。\n\nSecond, see <https://example.org/b>.\n\n退订请点击 https://example.cn/t?u=secret\n"
    _, entry, texts = one(mail(text, kind="text/plain; charset=utf-8"))
    assert texts == [f"{ZH} 见 https://example.cn/a?b=1&c=2。", "Second, see <https://example.org/b>."]
    assert blocks(entry.body)[1] == ("https://example.cn/a?b=1&c=2", "https://example.org/b")


def test_a_page_saved_as_mhtml():
    part = b"Content-Type: text/html\nContent-Location: https://x.example.org/\n\n" + HTML.encode()
    head = "From: <Saved by Blink>\nSnapshot-Content-Location: https://lab.example.org/skills\nSubject: Skills\n"
    _, (entry,), _ = read(multipart("related", part, IMAGE, head=head), "skills.mhtml", now=NOW)
    assert (entry.link, entry.title) == ("https://lab.example.org/skills", "skills")


def test_a_mailbox():
    mails = [
        mail(f"A first line.\n>From here on it goes. {n}", kind="text/plain", head=HEAD.replace("w7@", f"w{n}@"))
        for n in (1, 2)
    ]
    box = b"".join(
        b"From jane@lab.example.org Wed Feb 11 08:30:00 2026\n" + one + b"\n\n" for one in [*mails, b"no mail at all"]
    )
    title, entries, warnings = read_mailbox(box, "box.mbox", now=NOW)
    assert (title, [entry.external_id for entry in entries]) == (
        "Jane Doe",
        ["w1@lab.example.org", "w2@lab.example.org"],
    )
    assert entries[0].body == "<p>A first line.<br>From here on it goes. 1</p>"
    assert warnings == ("mail 3: the document is no mail",)


BROKEN = {
    "empty": b"",
    "no mail": b"nothing of the kind",
    "a page": HTML.encode(),
    "no text": HEAD.encode() + b"\n",
    "only an image": HEAD.encode() + IMAGE,
    "boundaries": HEAD.encode()
    + b"".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n'.encode() for n in range(5_000)),
    "mails in mails": b"Subject: x\nContent-Type: message/rfc822\n\n" * 5_000,
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_what_is_no_mail_says_so_at_once(body):
    started = time.process_time()
    with pytest.raises(ParseError):
        read(body, "x.eml", now=NOW)
    assert time.process_time() - started < 5


def test_without_the_limit_nested_parts_would_stall(monkeypatch):
    """The positive control: the standard library goes through the nest again for each level."""
    monkeypatch.setattr(email_message, "MAX_PARTS", 10**9)
    started = time.process_time()
    with pytest.raises((ParseError, RecursionError)):
        read(BROKEN["mails in mails"][:30_000], "x.eml", now=NOW)
    assert time.process_time() - started < 60


LONG = {
    "a header": HEAD.encode() + b"X-Long: " + b"a " * 500_000 + b"\n\ntext",
    "many headers": b"X-A: b\n" * 100_000 + HEAD.encode() + b"\ntext",
    "encoded words": HEAD.replace("Skills", "=?utf-8?b?YQ==?= " * 50_000).encode() + b"\ntext",
    "open words": HEAD.replace("Skills", "=?utf-8?b?" * 50_000).encode() + b"\ntext",
    "a recipient list": HEAD.replace("Jane Doe", '"' * 200_000).encode() + b"\ntext",
    "anchors that leave": mail("<html><body>" + "<a href='/unsubscribe'>x</a>" * 9_000 + "<p>text</p></body></html>"),
    "anchors in a nest": mail("<html><body>" + "<div><a href='/unsubscribe'>x</a>" * 200 + "<p>text</p></body></html>"),
    "hidden elements": mail("<html><body>" + "<p style='font-size:0'>x" * 20_000 + "</p><p>text</p></body></html>"),
    "base64": HEAD.encode() + b"Content-Transfer-Encoding: base64\n\n" + b"dGV4dA==" * 100_000,
    "uuencode": HEAD.encode()
    + b"Content-Transfer-Encoding: x-uuencode\n\nbegin 644 x\n"
    + b"#=&5X\n" * 10_000
    + b"end\ntext",
}


@pytest.mark.parametrize("body", LONG.values(), ids=LONG)
def test_long_ones_are_read_in_time(body):
    started = time.process_time()
    _, entries, _ = read(body, "x.eml", now=NOW)
    assert "text" in entries[0].body
    assert time.process_time() - started < 5


FRAGMENTS = [
    *(
        b"From: a@b\n",
        b"Subject: =?utf-8?b?",
        b"?=",
        b"=?gb2312?q?=C4",
        b"\n",
        b"\r\n",
        b"\n\n",
        b"--x\n",
        b"--x--\n",
        b" folded\n",
    ),
    *(
        b"Content-Type: multipart/mixed; boundary=x\n",
        b"Content-Type: text/html; charset=",
        b"utf-7\n",
        b"idna\n",
        b"unicode_escape\n",
    ),
    *(
        b"\xff\xfe\n",
        b'"\n',
        b"Content-Transfer-Encoding: base64\n",
        b"Content-Transfer-Encoding: uuencode\n",
        b"begin 6\n",
    ),
    *(
        b"<html><body><p>text",
        b"\x1b$B",
        b"\x00",
        b"\xc4\xe3",
        b"Content-Type: message/rfc822\n\n",
        b"Content-Type: ;;;\n",
    ),
    *(
        b"Content-Disposition: =?x\n",
        b"Date: 99 Foo 99999 99:99 +9999999\n",
        b"List-Id: <<<>>>\n",
        b"charset*0*=utf-8''%ff\n",
    ),
]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS) | st.binary(max_size=6), max_size=30))
def test_any_bytes_are_a_mail_or_none(pieces):
    try:
        title, entries, _ = read(b"".join(pieces), "x.eml", now=NOW)
    except ParseError:
        return
    assert "\n" not in title
    assert all(entry.external_id and "\n" not in entry.external_id + entry.title for entry in entries)


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.characters(categories=["L", "N", "P"], exclude_characters="\ufeff"), min_size=1, max_size=30),
    st.sampled_from("bq"),
)
def test_encoded_words_are_read_back(text, form):
    assert unworded(encoded(text, "utf-8", form=form)) == text
