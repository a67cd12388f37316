"""Lines that Slipway's pages open with are known for its own, as they are written now and as they were."""

from __future__ import annotations

import pytest

from notes.pages.page_forms import as_of

INBOX = as_of(["items"], "inbox_count", "inbox_nothing", "inbox_best")


@pytest.mark.parametrize(
    "line",
    [
        "截至 2026 年 2 月 20 日，有 5 則待定。",
        "截至2026年2月20日，有 5 則待定。",
        "截至2026年2月20日，有 5 条待定。",
        "As of 2026-02-20, nothing waits.",
    ],
    ids=["traditional", "traditional once", "simplified", "English"],
)
def test_how_much_waits_is_known_in_every_form(line):
    assert INBOX.fullmatch(line)


def test_a_line_of_the_users_own_is_not():
    assert not INBOX.fullmatch("截至 2026 年 2 月 20 日，有 5 則我要看。")
