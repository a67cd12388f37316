"""Which encoding a document is in, whatever it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.encoding import decode

HANS = "人工智能日报：大模型的新进展，在中国的这个研究中，我们发现了不少"
HANT = "人工智慧日報：大型語言模型的新進展，這個研究中我們發現了不少"


def document(text: str, label: str = "") -> str:
    declared = f' encoding="{label}"' if label else ""
    return f'<?xml version="1.0"{declared}?><rss><title>{text}</title></rss>'


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        pytest.param(document(HANS).encode(), "", HANS, id="utf-8"),
        pytest.param(b"\xef\xbb\xbf" + document(HANS).encode(), "", HANS, id="utf-8 with a mark"),
        pytest.param(document(HANS, "UTF-8").encode("utf-16"), "", HANS, id="utf-16 with a mark, says utf-8"),
        pytest.param(document(HANS).encode("utf-16-be"), "", HANS, id="utf-16 without a mark"),
        pytest.param(document(HANS, "gb2312").encode("gb18030"), "", HANS, id="gb2312 declared"),
        pytest.param(
            document("朱镕基 囍 𠀀", "gb2312").encode("gb18030"), "", "朱镕基 囍 𠀀", id="gb2312 with more letters"
        ),
        pytest.param(
            document("香港嘅嘢 啲", "Big5").encode("big5hkscs"), "", "香港嘅嘢 啲", id="big5 with Hong Kong letters"
        ),
        pytest.param(document(HANS).encode("gbk"), "text/xml; charset=GBK", HANS, id="by the header alone"),
        pytest.param(document(HANS).encode("gbk"), "", HANS, id="gbk, undeclared"),
        pytest.param(document(HANS, "utf-8").encode("gbk"), "", HANS, id="gbk, says utf-8"),
        pytest.param(document(HANT).encode("big5"), "", HANT, id="big5, undeclared"),
        pytest.param(document(HANS, "gbk").encode("gbk")[:-16] + b"\xd6", "", HANS[:20], id="gbk cut in a letter"),
        pytest.param(document("深層学習の表示", "Shift_JIS").encode("cp932"), "", "深層学習の表示", id="shift_jis"),
        pytest.param(document("深層学習", "ISO-2022-JP").encode("iso-2022-jp"), "", "深層学習", id="escaped sets"),
        pytest.param(
            document("café “q”", "iso-8859-1").encode("cp1252"), "", "café “q”", id="latin-1 means windows-1252"
        ),
        pytest.param(
            document(HANS, "iso-8859-1").encode(),
            "text/xml; charset=iso-8859-1",
            HANS,
            id="valid utf-8 outranks labels",
        ),
    ],
)
def test_reads(body: bytes, content_type: str, text: str) -> None:
    assert text in decode(body, content_type).text


@pytest.mark.parametrize("codec", ["rot13", "punycode", "unicode_escape", "undefined", "hex", "idna", "utf-7"])
def test_a_codec_that_is_no_character_set_is_never_used(codec: str) -> None:
    body = document(r"\u003cscript\u003e +ADw-script+AD4-", codec).encode()
    decoded = decode(body, f"text/xml; charset={codec}")
    assert decoded.text == body.decode()
    assert decoded.encoding == "utf-8"


def test_a_loss_is_told() -> None:
    decoded = decode(document(HANS).encode() + b"<x>\xff\xfe\xb0</x>")
    assert HANS in decoded.text
    assert "could not be read" in decoded.trouble


def test_unreadable_bytes_are_lost_not_guessed() -> None:
    decoded = decode(b"<?xml version='1.0' encoding='utf-8'?><t>caf\xe9 \x93q\x94</t>")
    assert "\ufffd" in decoded.text
    assert decoded.trouble


def test_a_changed_encoding_is_told() -> None:
    assert "gb18030" in decode(document(HANS, "utf-8").encode("gbk")).trouble


@given(st.binary(max_size=300), st.sampled_from(["", "text/xml; charset=gbk", "x; charset=\x00", "charset=utf-16"]))
def test_never_raises(body: bytes, content_type: str) -> None:
    decode(body, content_type).text.encode()
