"""The lexicon's rows: as long as scikit-learn makes them, to the bit, without waiting for its import."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.preprocessing import normalize

from index.words.lexicon import _normalised


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("seed", range(5))
def test_rows_have_the_length_one_as_scikit_learn_gives_it(kind, seed):
    random = np.random.default_rng(seed)
    filled = random.uniform(0.01, 9, (200, 300)) * (random.random((200, 300)) < 0.05)
    filled[7] = 0
    rows = csr_matrix(filled.astype(kind))
    ours, theirs = _normalised(rows), normalize(rows)
    assert ours.dtype == theirs.dtype
    assert np.array_equal(ours.toarray(), theirs.toarray())


def test_no_rows():
    assert _normalised(csr_matrix((0, 1), dtype=np.float32)).shape == (0, 1)


def test_scikit_learn_is_not_waited_for():
    script = (
        "import sys\nfrom index.texts.documents import Document\nfrom index.words.lexicon import Lexicon\n"
        "Lexicon.of([Document(id='a', kind='note', title='x', sections=(('', 'some words'),))])\n"
        "print('sklearn' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
