"""Which encoding a document is in, whatever it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reading.encoding import decode

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


RU = "Новый метод позволяет языковой модели помнить свои навыки"
WEST = "Le modèle, dit-il, « apprend » – à l’école d’été – où naïveté et façade s’opposent"


@pytest.mark.parametrize("label", ["", "utf-8"])
@pytest.mark.parametrize(
    ("text", "encoding"),
    [(RU, "cp1251"), (RU, "koi8-r"), (WEST, "cp1252"), ("Café", "cp1252"), ("It’s “so”", "cp1252")],
)
def test_letters_in_one_byte_each_are_told_whatever_the_label(text: str, encoding: str, label: str) -> None:
    read = decode(document(text, label).encode(encoding))
    assert (text in read.text, read.encoding, encoding in read.trouble) == (True, encoding, True)


@pytest.mark.parametrize("text", ["Zażółć gęślą jaźń", "Příliš žluťoučký kůň úpěl"])
def test_letters_of_another_code_page_are_not_taken_for_french(text: str) -> None:
    assert "\ufffd" in decode(document(text, "utf-8").encode("cp1250")).text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [HANS, "一" + HANS, "x" + HANS * 3])
def test_utf16_without_a_mark_that_begins_in_chinese(encoding: str, text: str) -> None:
    for body in (f"<a>{text}</a>", f"{text}\n<p>{text}</p>\n", document(text, "utf-16")):
        assert decode(body.encode(encoding)).text == body


def test_a_few_bytes_of_nothing_are_no_utf16() -> None:
    assert decode(b"abc\x00d" + b"plain text " * 20 + b"\x00").encoding == "utf-8"


def test_a_loss_is_told() -> None:
    decoded = decode(document(HANS).encode() + b"<x>\xff\xfe\xb0</x>")
    assert HANS in decoded.text
    assert "could not be read" in decoded.trouble


def test_unreadable_bytes_are_lost_not_guessed() -> None:
    decoded = decode(b"<?xml version='1.0' encoding='utf-8'?><t>caf\x81 \x93\x8fq\x9d</t>")
    assert "\ufffd" in decoded.text
    assert decoded.trouble


def test_a_changed_encoding_is_told() -> None:
    assert "gb18030" in decode(document(HANS, "utf-8").encode("gbk")).trouble


@pytest.mark.parametrize(
    ("label", "content_type", "told"),
    [
        ("", "", "no encoding is declared; read as "),
        ("", "text/xml", "no encoding is declared; read as "),
        ("utf-8", "", "the encoding is not the one declared; read as "),
        ("", "text/xml; charset=utf-8", "the encoding is not the one declared; read as "),
        ("x-unknown", "", "the encoding is not the one declared; read as "),
    ],
)
@pytest.mark.parametrize(("text", "encoding"), [(HANS, "gb18030"), (RU, "cp1251")])
def test_what_was_not_declared_is_not_called_wrong(text, encoding, label, content_type, told) -> None:
    body = f"<?xml version='1.0' encoding='{label}'?><t>{text}</t>" if label else f"<t>{text}</t>"
    assert decode(body.encode(encoding), content_type).trouble == told + encoding


@given(st.binary(max_size=300), st.sampled_from(["", "text/xml; charset=gbk", "x; charset=\x00", "charset=utf-16"]))
def test_never_raises(body: bytes, content_type: str) -> None:
    decode(body, content_type).text.encode()


# ---- every way in which an East Asian feed may be labelled

TEXTS = {
    "simplified": (HANS, ("gb18030", "gbk", "utf-8", "utf-16", "utf-16-le", "utf-16-be")),
    "traditional": (HANT, ("big5", "gb18030", "utf-8", "utf-16-le")),
    "japanese": (
        "新しいモデルを公開しました。長い文章の推論において進歩を遂げ、コストを増やさずに扱えます。",
        ("euc-jp", "shift_jis", "iso-2022-jp", "utf-8", "utf-16-be"),
    ),
    "korean": (
        "새로운 모델을 공개합니다. 우리 연구팀은 긴 문장 추론 작업에서 진전을 이루었습니다.",
        ("euc-kr", "utf-8"),
    ),
}
LABELS = (
    "",
    "gb2312",
    "gbk",
    "gb18030",
    "big5",
    "euc-jp",
    "shift_jis",
    "euc-kr",
    "iso-8859-1",
    "utf-8",
    "utf-16",
    "koi8-r",
    "x-y",
)


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param(text, encoding, id=f"{name} in {encoding}")
        for name, (text, encodings) in TEXTS.items()
        for encoding in encodings
    ],
)
def test_a_text_is_read_whatever_its_label(text: str, encoding: str, label: str) -> None:
    assert text in decode(document(text, label).encode(encoding)).text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param(
            "Le modèle a été publié : nos équipes ont progressé, grâce à une méthode dérivée.", "cp1252", id="French"
        ),
        pytest.param(
            "Новая модель опубликована: наша группа добилась успехов в длинных задачах.", "cp1251", id="Russian"
        ),
        pytest.param("Новая модель опубликована: наша группа добилась успехов в длинных задачах.", "koi8-r", id="KOI8"),
        pytest.param(
            "Το νέο μοντέλο δημοσιεύθηκε και η ομάδα μας σημείωσε πρόοδο στις εργασίες.", "iso8859-7", id="Greek"
        ),
        pytest.param(
            "Yeni model yayımlandı: ekibimiz uzun görevlerde ilerleme kaydetti, çünkü yöntem ucuz.",
            "iso8859-9",
            id="Turkish",
        ),
        pytest.param(
            "Nový model byl zveřejněn: náš tým pokročil v dlouhých úlohách díky levné metodě.", "iso8859-2", id="Czech"
        ),
        pytest.param("囍", "gb18030", id="one rare letter"),
        pytest.param("囍嘅啲", "big5hkscs", id="three rare letters"),
    ],
)
def test_a_right_label_is_believed(text: str, encoding: str) -> None:
    label = encoding.replace("cp125", "windows-125").replace("iso8859", "iso-8859").replace("big5hkscs", "big5")
    decoded = decode(document(text, label).encode(encoding))
    assert text in decoded.text
    assert not decoded.trouble


def test_a_wrong_label_is_told() -> None:
    assert "big5hkscs" in decode(document(HANT, "gb2312").encode("big5")).trouble
