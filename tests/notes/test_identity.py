import hashlib
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notes import identity
from notes.identity import arxiv_category, arxiv_id, canonical_url, content_hash, doi, item_key

IDS = {
    "bare": ("2508.13426", ("2508.13426", 0)),
    "version": ("2508.13426v12", ("2508.13426", 12)),
    "four digits": ("0704.0001", ("0704.0001", 0)),
    "file": ("2508.13426v2.pdf", ("2508.13426", 2)),
    "oai": ("oai:arXiv.org:2508.13426v1", ("2508.13426", 1)),
    "named in text": ("see arXiv:2508.13426v1 [cs.LG], and", ("2508.13426", 1)),
    "named with a space": ("arXiv: 2508.13426", ("2508.13426", 0)),
    "old": ("quant-ph/0201082v1", ("quant-ph/0201082", 1)),
    "old with subject class": ("math.GT/0309136", ("math/0309136", 0)),
    "old with a long subject class": ("physics.acc-ph/0501001v2", ("physics/0501001", 2)),
    "old in oai": ("oai:arXiv.org:quant-ph/0201082v3", ("quant-ph/0201082", 3)),
    "abs": ("http://arxiv.org/abs/2508.13426v3", ("2508.13426", 3)),
    "pdf": ("https://www.arxiv.org/pdf/2508.13426.pdf", ("2508.13426", 0)),
    "html": ("https://arxiv.org/html/2508.13426v1", ("2508.13426", 1)),
    "ar5iv": ("https://ar5iv.labs.arxiv.org/html/2508.13426", ("2508.13426", 0)),
    "daily papers": ("https://huggingface.co/papers/2508.13426", ("2508.13426", 0)),
    "doi": ("https://doi.org/10.48550/arXiv.2508.13426", ("2508.13426", 0)),
    "a number in text": ("a score of 2508.13426 points", None),
    "month 13": ("2513.13426", None),
    "before 2007": ("0612.1234", None),
    "somebody else's path": ("https://example.org/2508.13426", None),
    "the api itself": ("http://export.arxiv.org/api/query?id_list=1", None),
    "too many digits": ("2508.134261", None),
    "empty": ("", None),
}


@pytest.mark.parametrize(("text", "expected"), IDS.values(), ids=IDS.keys())
def test_arxiv_ids(text, expected):
    assert arxiv_id(text) == expected


DOIS = {
    "address": ("https://doi.org/10.1000/ABC.def", "10.1000/abc.def"),
    "escaped": ("https://doi.org/10.1000%2Fabc", "10.1000/abc"),
    "SICI": (
        "10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O",
        "10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o",
    ),
    "SICI in an address": (
        "https://doi.org/10.1175/1520-0469(1998)055%3C0001:TDOTM%3E2.0.CO;2.",
        "10.1175/1520-0469(1998)055<0001:tdotm>2.0.co;2",
    ),
    "SICI in HTML": (
        "see 10.1175/1520-0469(1998)055&lt;0001:TDOTM&gt;2.0.CO;2, p. 3",
        "10.1175/1520-0469(1998)055<0001:tdotm>2.0.co;2",
    ),
    "SICI, cut": ("10.1002/(SICI)1097-4571(199806)49:8", ""),
    "SICI, cut in the page": ("10.1175/1520-0469(1998)055<0001:TDOTM", ""),
    "before a tag": ("<a>10.1000/abc</a>", "10.1000/abc"),
    "in text": ("(doi:10.1103/PhysRevLett.123.456), and", "10.1103/physrevlett.123.456"),
    "own parentheses": ("10.1016/S0140(20)30183", "10.1016/s0140(20)30183"),
    "closing bracket and stop": ("[10.1016/abc].", "10.1016/abc"),
    "chinese stop": ("见10.1000/abc。", "10.1000/abc"),
    "no suffix": ("10.1234", ""),
    "version number": ("v10.1234/x", ""),
    "none": ("nothing", ""),
}


@pytest.mark.parametrize(("text", "expected"), DOIS.values(), ids=DOIS.keys())
def test_dois(text, expected):
    assert doi(text) == expected


URLS = {
    "scheme, host, port, www": ("HTTP://www.Example.org:80/a", "https://example.org/a"),
    "tls port": ("https://example.org:443/a", "https://example.org/a"),
    "other port": ("https://example.org:8080/", "https://example.org:8080"),
    "trailing slash and fragment": ("https://example.org/a/#top", "https://example.org/a"),
    "tracking": ("https://e.org/a?utm_source=x&id=2&fbclid=y&gclid=z&mc_cid=1", "https://e.org/a?id=2"),
    "order of parameters": ("https://e.org/a?b=2&a=1", "https://e.org/a?a=1&b=2"),
    "empty parameter kept": ("https://e.org/a?q=", "https://e.org/a?q="),
    "road in source": ("https://medium.com/p?source=rss----abc", "https://medium.com/p"),
    "road in ref": ("https://e.org/a?ref=news.ycombinator.com", "https://e.org/a"),
    "ref that means something": ("https://github.com/a/b?ref=main", "https://github.com/a/b?ref=main"),
    "dots in the path": ("https://e.org/a/./b/../c", "https://e.org/a/c"),
    "more dots than path": ("https://e.org/../../c", "https://e.org/c"),
    "escapes": ("https://e.org/%7euser/%e4%b8%ad", "https://e.org/~user/%E4%B8%AD"),
    "unescaped chinese": ("https://e.org/中", "https://e.org/%E4%B8%AD"),
    "chinese host": ("https://例え.jp/", "https://xn--r8jz45g.jp"),
    "host too strange for idna": ("https://\u00ad/", ""),
    "user": ("https://user:pw@e.org/a", "https://e.org/a"),
    "ipv6": ("http://[::1]:80/x", "https://[::1]/x"),
    "host's last dot": ("https://e.org./a", "https://e.org/a"),
    "spaces and newlines": (" https://e.org/a\n b ", "https://e.org/ab"),
    "arxiv pdf": ("http://arxiv.org/pdf/2508.13426v2", "https://arxiv.org/abs/2508.13426"),
    "arxiv mirror": ("https://export.arxiv.org/abs/quant-ph/0201082v1", "https://arxiv.org/abs/quant-ph/0201082"),
    "arxiv file": ("https://arxiv.org/pdf/2508.13426v2.pdf", "https://arxiv.org/abs/2508.13426"),
    "arxiv listing": ("https://arxiv.org/list/cs.LG/new", "https://arxiv.org/list/cs.LG/new"),
    "arxiv doi": ("https://doi.org/10.48550/arXiv.2508.13426", "https://arxiv.org/abs/2508.13426"),
    "doi": ("http://dx.doi.org/10.1000/ABC", "https://doi.org/10.1000/abc"),
    "doi host without a doi": ("https://doi.org/about", "https://doi.org/about"),
    "ftp": ("ftp://e.org/a", ""),
    "javascript": ("javascript:alert(1)", ""),
    "no host": ("https:///a", ""),
    "port out of range": ("http://e.org:99999/", ""),
    "broken bracket": ("http://[::1/", ""),
    "host that cannot be": ("http://a<b>/", ""),
    "empty": ("", ""),
}


@pytest.mark.parametrize(("url", "expected"), URLS.values(), ids=URLS.keys())
def test_canonical_addresses(url, expected):
    assert canonical_url(url) == expected


@given(
    st.from_regex(
        r"https?://[a-z]{1,5}\.org(:\d{1,4})?(/[a-zA-Z0-9.%~ &+()-]{0,6}){0,3}(\?[a-z=&%0-9]{0,12})?(#\w*)?",
        fullmatch=True,
    )
)
def test_canonical_is_stable(url):
    assert canonical_url(canonical_url(url)) == canonical_url(url)


@given(st.text())
def test_any_text_has_an_answer(text):
    assert canonical_url(text) == "" or canonical_url(text).startswith("https://")
    assert doi(text) == doi(text).lower()
    assert arxiv_id(text) is None or arxiv_id(text)[0]


def key(**given_):
    return item_key(**({"arxiv_id": "", "url": "", "guid": "", "source": "lab", "title": "T", "text": "x"} | given_))


SHA = hashlib.sha256(b"T\nx").hexdigest()
KEYS = {
    "arxiv id first": ({"arxiv_id": "2508.13426v2", "url": "https://e.org/a", "guid": "g"}, "arxiv:2508.13426"),
    "arxiv id from the address": ({"url": "https://arxiv.org/pdf/2508.13426v1", "guid": "g"}, "arxiv:2508.13426"),
    "daily papers page": ({"url": "https://huggingface.co/papers/2508.13426"}, "arxiv:2508.13426"),
    "a page about a paper is not the paper": (
        {"url": "https://e.org/go?to=https://arxiv.org/abs/2508.13426"},
        "url:e.org/go?to=https%3A%2F%2Farxiv.org%2Fabs%2F2508.13426",
    ),
    "then the address": ({"url": "http://www.e.org/a/?utm_source=x", "guid": "g"}, "url:e.org/a"),
    "a home page names no entry": ({"url": "https://e.org/", "guid": "g"}, "guid:lab:g"),
    "a part of a page does": ({"url": "https://e.org/changelog#2.3.15", "guid": "g"}, "url:e.org/changelog#2.3.15"),
    "a tracking anchor does not": ({"url": "https://e.org/a#xtor=RSS-1"}, "url:e.org/a"),
    "nor the anchor of a feed": ({"url": "https://e.org/a#atom-everything"}, "url:e.org/a"),
    "then the guid, by source": ({"guid": " g "}, "guid:lab:g"),
    "then the content": ({}, f"hash:{SHA}"),
    "an address that is none": ({"url": "javascript:1"}, f"hash:{SHA}"),
}


@pytest.mark.parametrize(("given_", "expected"), KEYS.values(), ids=KEYS.keys())
def test_item_keys(given_, expected):
    assert key(**given_) == expected


HOSTS = (
    "a.com www.a.com www.com www.www.a.b 1.2.3.4 1.2.3.c A.com a..b x-.co localhost "
    "arxiv.org cn.arxiv.org www.doi.org doi.org huggingface.co alphaxiv.org ar5iv.org"
)
PATHS = (
    "/ /feed /a/b/ /a//b /a.b /a/../b /A_b-c /~u /a%20b /a?x=1 /a#b "
    "/abs/2301.00001 /abs/cs/0201082 /papers/2301-00001 /10.1000/x"
)
ADDRESSES = st.builds(
    "{}://{}{}{}".format,
    st.sampled_from(["http", "https", "HTTPS", "ftp"]),
    st.sampled_from(HOSTS.split()),
    st.sampled_from(["", ":443", ":8080"]),
    st.sampled_from(["", *PATHS.split()]),
)


@given(ADDRESSES)
def test_plain_addresses_are_read_as_all_are(url):
    quick = key(url=url, guid="g")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identity, "_PLAIN", re.compile("(?!)"))
        assert quick == key(url=url, guid="g")


def test_one_guid_for_all_entries_does_not_merge_them():
    assert key(url="https://e.org/a", guid="same") != key(url="https://e.org/b", guid="same")


def test_content_hash_names_its_version_and_forgives_white_space():
    assert content_hash("T", "x") == f"1:{SHA}"
    assert content_hash(" T ", "x\n") == content_hash("T", "x")
    assert content_hash("T x", "") != content_hash("T", "x")
    assert content_hash("\ud800", "").startswith("1:")


@given(st.text(st.sampled_from("ab \n\t\x0b\x1c\x1f\x85\xa0\u3000é")))
@example("a\n\nb\n\nc d")
@example(" a\n\n")
@example("a \n\nb")
@example("a\n\n\n\nb")
@example("a\n\n\nb")
def test_white_space_is_made_single_as_split_makes_it(text):
    assert content_hash(text, "") == content_hash(" ".join(text.split()), "")
    line = "\n" + " ".join(text.split())
    assert content_hash("", text) == f"1:{hashlib.sha256(line.encode()).hexdigest()}"


CATEGORIES = {
    "subject class": ("cs.LG", "cs.LG"),
    "archive": ("quant-ph", "quant-ph"),
    "word": ("physics.optics", "physics.optics"),
    "hyphen": ("cond-mat.mes-hall", "cond-mat.mes-hall"),
    "in other letters": (" CS.cl ", "cs.CL"),
    "kept twice: math.IT": ("math.IT", "cs.IT"),
    "kept twice: math.MP": ("math.MP", "math-ph"),
    "kept twice: stat.TH": ("stat.TH", "math.ST"),
    "kept twice: cs.SY": ("cs.SY", "eess.SY"),
    "kept twice: cs.NA": ("cs.NA", "math.NA"),
    "kept twice: q-fin.EC": ("q-fin.EC", "econ.GN"),
    "a class of the MSC": ("68T45 (Machine vision)", ""),
    "a class of the ACM": ("I.2.10; I.4.8", ""),
    "a tag of a feed": ("reasoning", ""),
    "an archive of old": ("cmp-lg", "cmp-lg"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("text", "expected"), CATEGORIES.values(), ids=CATEGORIES.keys())
def test_categories_have_one_name(text, expected):
    assert arxiv_category(text) == expected
    assert arxiv_category(expected) == expected
