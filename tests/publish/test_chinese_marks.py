"""Chinese is read with the punctuation of Chinese; what is no Chinese stays as it is."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notes.quantities.numbers import values
from notes.text.sentences import split
from publish.sources.chinese_marks import full_width
from publish.sources.readable import readable


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("采用参数(MRP),建立了模型;提出了方法.", "采用参数（MRP），建立了模型；提出了方法。"),
        ("分辨力较差.MVDR法更高.采用它.", "分辨力较差。MVDR法更高。采用它。"),
        ("出条定量20 g/m.经过验证,更好.", "出条定量20 g/m。经过验证，更好。"),
        ("误差在5％以下,为3.65％.", "误差在5%以下，为3.65%。"),
        ("为85.1%(P＜0.01);HDL升高.", "为85.1%（P＜0.01）；HDL升高。"),
        ("破坏（ CDT ）理论", "破坏（CDT）理论"),
        ('动结式"追累"的语法', "动结式“追累”的语法"),
        ('呈倒"U"型关系', "呈倒“U”型关系"),
        ("研究 ——基于回归", "研究——基于回归"),
        ("方法--改进", "方法——改进"),
        ("为11.0%,Ⅲ型更高 ，见上", "为11.0%，Ⅲ型更高，见上"),
        ("以<中华医典>为数据库", "以《中华医典》为数据库"),
        ("學習筆記:關於模型", "學習筆記：關於模型"),
        ("观察了两组(对照组).5例失访", "观察了两组（对照组）。5例失访"),
    ],
    ids=[
        "marks",
        "run-on",
        "unit",
        "percent",
        "bracket",
        "loose",
        "quotes",
        "letter",
        "dash",
        "hyphens",
        "spaces",
        "title",
        "traditional",
        "a stop behind a bracket and before a number",
    ],
)
def test_chinese_gets_its_own_marks(told, read):
    assert full_width(told) == read
    assert readable(told) == read


@pytest.mark.parametrize(
    "text",
    [
        "Plain English, with commas; and (brackets).",
        "见 https://example.cn/a,b.html 的说明(附录),谢谢.",
        "价格1,000元与比例1:2.5",
        "调用list.append(x)方法",
        "叠加4×rand(256,256)的噪声",
        "文件file.txt很大",
        "写给 me@example.com",
        "`代码,不变.`",
        "“English, inside” 的引文",
    ],
    ids=["english", "address", "numbers", "call", "arguments", "file", "mail", "code", "quote"],
)
def test_what_is_no_chinese_punctuation_stays(text):
    assert full_width(text) == text


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet='模型提高了5.,;:()% ab—"\n', max_size=40))
def test_reading_twice_is_reading_once_and_no_number_is_lost(text):
    once = full_width(text)
    assert full_width(once) == once or sorted(values(full_width(once))) == sorted(values(once))
    assert [letter for letter in once if letter.isalnum()] == [letter for letter in text if letter.isalnum()]


def test_a_sentence_that_ran_on_is_two():
    assert len(split(readable("甲方法的分辨力较差.MVDR方法的分辨力更高."))) == 2


@pytest.mark.parametrize(
    "text", ["中(" + "中" * 60_000, "中." * 30_000, "a_" * 30_000 + "中", "中(a)" * 15_000, "中" + " " * 60_000 + "b"]
)
def test_a_line_takes_time_in_proportion_to_its_length(text):
    started = time.process_time()
    full_width(text)
    assert time.process_time() - started < 3.0
