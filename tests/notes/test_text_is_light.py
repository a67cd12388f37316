"""The text modules are read by every command and read hostile text: they start fast and never hang."""

import subprocess
import sys
import time

import pytest

from notes import identity
from notes.quantities import figures, numbers
from notes.text import keyphrases, language, sentences, slug

HEAVY = ("pypinyin", "numpy", "torch", "yaml", "lxml", "httpx", "sqlite3")


def test_no_heavy_module_is_imported():
    modules = "notes.identity, notes.quantities.figures, notes.text.fold, notes.text.keyphrases, notes.text.sentences, notes.text.slug"
    code = f"import sys, {modules}; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


READERS = {
    "sentences": sentences.key_sentences,
    "figures": figures.find,
    "values": numbers.values,
    "phrases": lambda text: keyphrases.phrases(text, "zh-Hans"),
    "language": language.detect,
    "address": lambda text: identity.canonical_url(f"http://a.b/{text}"),
    "doi": identity.doi,
    "arxiv": identity.arxiv_id,
    "slug": slug.slugify,
    "tag": slug.tag,
}
HOSTILE = [
    "1%",
    "1 word ",
    "A-",
    "A1.",
    "(",
    "$",
    "百",
    "分之",
    "。",
    "et al. ",
    "/..",
    "%20",
    "10.1234/",
    "\n \t",
    "a@",
]


@pytest.mark.parametrize("read", READERS.values(), ids=READERS.keys())
def test_no_text_takes_long(read):
    for piece in HOSTILE:
        start = time.process_time()
        read((piece * 1990)[:1990] + "\n\n" + (piece * 8000)[:8000])
        assert time.process_time() - start < 3.0, piece  # a third of one is what the slowest takes here
