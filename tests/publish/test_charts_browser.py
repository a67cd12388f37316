"""Charts in a real browser: every word within its chart, none over another, legible by day and by night, nothing that runs."""

from __future__ import annotations

import functools
import http.server
import json
import re
import threading
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

import publish.site.syntax
from notes.markup.document import read_note
from publish.charts import movers, spark, volumes
from publish.site.building import SiteSettings, build, write
from tests.publish.test_chart_door import HOSTILE
from tests.publish.test_charts import COURSES, LONG, MOVES, NAMES, SERIES, periods, trend
from tests.publish.test_site_browser import BROWSER, _attempts, browse

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")

PAGES = ("posts/2026-02-20/", "posts/2026-02-21/", "posts/2026-02-22/")

PROBE = """<!doctype html><meta charset=utf-8><body><pre id=out></pre><script>
const pages = %s, out = [];
const channel = c => { c /= 255; return c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4 };
const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number); return .2126*channel(r) + .7152*channel(g) + .0722*channel(b) };
const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + .05) / (y + .05) };
async function look(page) {
  const frame = document.createElement("iframe");
  frame.style = "width:%dpx;height:900px;border:0"; frame.src = "/" + page;
  await new Promise(done => { frame.onload = done; document.body.append(frame) });
  const w = frame.contentWindow, d = w.document, faults = [];
  const paper = w.getComputedStyle(d.documentElement).backgroundColor;
  const charts = [...d.querySelectorAll("figure.chart > svg.slipway-chart")];
  for (const chart of charts) {
    const frame = chart.getBoundingClientRect(), texts = [...chart.querySelectorAll("text")];
    const boxes = texts.map(text => [text.textContent, text.getBoundingClientRect()]);
    for (const [words, box] of boxes)
      if (box.left < frame.left - 2 || box.right > frame.right + 2 || box.top < frame.top - 2 || box.bottom > frame.bottom + 2)
        faults.push("outside: " + words);
    boxes.forEach(([words, a], at) => boxes.slice(at + 1).forEach(([others, b]) => {
      if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > .4 * Math.min(a.height, b.height))
        faults.push("over another: " + words + " / " + others) }));
    for (const text of texts) {
      const style = w.getComputedStyle(text), size = parseFloat(style.fontSize) * frame.width / chart.viewBox.baseVal.width;
      if (contrast(style.fill, paper) < 4.5 || style.fillOpacity != 1) faults.push("faint: " + text.textContent);
      if (size < 9) faults.push("small: " + text.textContent);
    }
    for (const line of chart.querySelectorAll("path[fill=none]:not(.grid,.axis)"))
      if (contrast(w.getComputedStyle(line).stroke, paper) < 3) faults.push("faint line: " + line.getAttribute("class"));
    if (chart.getAttribute("role") != "img" || !chart.querySelector(":scope > title").textContent) faults.push("nameless");
  }
  out.push({page, charts: charts.length, wide: d.documentElement.scrollWidth, faults: [...new Set(faults)].slice(0, 30)});
  frame.remove();
}
(async () => { for (const page of pages) await look(page); document.getElementById("out").textContent = JSON.stringify(out) })();
</script>"""


def drawn(lang: str) -> list[str]:
    far = tuple((f"{name} {LONG}", periods(*(40 * at + 3 for at in range(40)), volume=4000)) for name in NAMES)
    level = tuple((name, COURSES[2]) for name in NAMES)
    return [
        volumes(SERIES[:1], lang=lang, span=2),
        volumes(SERIES[:1], lang=lang, span=1),
        volumes(SERIES[:3], lang=lang),
        volumes(level, lang=lang),
        volumes(far, lang=lang),
        volumes(SERIES[:9], lang=lang),
        movers(MOVES, lang=lang),
        movers([trend(f"{LONG}{LONG}", MOVES[0].course, 1.5), trend("W" * 60, MOVES[0].course, 900.0)], lang=lang),
        spark(COURSES[0]),
    ]


def post(day: str, lang: str, *blocks: str) -> str:
    body = "\n\n".join(blocks)
    return f"---\nid: post-{day}\ntitle: Charts\ncreated: {day}\nsource_type: post\nlang: {lang}\n---\n\n# Charts\n\nSo.\n\n{body}\n"


def built(folder: Path) -> None:
    posts = [post(f"2026-02-2{at}", lang, *drawn(lang)) for at, lang in enumerate(("en", "zh-Hans", "zh-Hant"))]
    posts.append(post("2026-02-23", "en", *HOSTILE.values()))
    notes = [read_note(f"posts/2026-02-2{at}.md", text.encode(), mtime_ns=0) for at, text in enumerate(posts)]
    write(folder, build(notes, SiteSettings("T", "https://n.example/", "A", "d")))


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    built(folder)
    return folder


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def looks(address: str, site: Path, pages: tuple[str, ...], width: int, profile: Path, *, dark: bool) -> list[dict]:
    (site / "probe.html").write_text(PROBE % (json.dumps(pages), width), encoding="utf-8")
    options = ("--hide-scrollbars", "--virtual-time-budget=20000", "--dump-dom")
    dom = browse(f"{address}probe.html", profile, *options, dark=dark)
    found = re.search(r'<pre id="out">(.*?)</pre>', dom.stdout, re.DOTALL)
    assert found is not None, dom.stderr[-1000:]
    return json.loads(unescape(found[1]))


@pytest.mark.parametrize(
    ("width", "dark"),
    [pytest.param(380, False, id="phone by day"), pytest.param(1280, True, id="desk by night")],
)
def test_charts_are_legible(address: str, site: Path, tmp_path: Path, width: int, dark: bool):
    expected = [
        {"page": page, "charts": len(drawn("en")), "wide": width, "faults": []}
        for page in ("posts/2026-02-20/", "posts/2026-02-21/", "posts/2026-02-22/")
    ]
    assert looks(address, site, PAGES, width, tmp_path, dark=dark) == expected


def test_the_browser_sees_words_that_touch_or_leave_a_chart(address: str, site: Path, tmp_path: Path):
    """Positive control."""
    page = (site / PAGES[0] / "index.html").read_text(encoding="utf-8")
    bad = re.sub(r'(<text [^>]*font-size=")10.5"', r'\1 30"', page).replace("style.css", "none.css")
    (site / "bad.html").write_text(re.sub(r"<meta http-equiv[^>]*>", "", bad), encoding="utf-8")
    (look,) = looks(address, site, ("bad.html",), 380, tmp_path, dark=False)
    assert {fault.partition(":")[0] for fault in look["faults"]} >= {"outside", "over another"}


def test_no_hostile_drawing_reaches_the_page(address: str, tmp_path: Path):
    assert _attempts(f"{address}posts/2026-02-23/", tmp_path) == []


def test_the_browser_tells_of_an_attempt(address: str, site: Path, tmp_path: Path, monkeypatch):
    """Positive control: with the door open, the policy of the page refuses what comes through, and says so."""
    monkeypatch.setattr(publish.site.syntax, "admitted", lambda source: source)
    folder = tmp_path / "open"
    built(folder)
    armed = (folder / "posts/2026-02-23/index.html").read_text(encoding="utf-8")
    (site / "posts/armed").mkdir()
    (site / "posts/armed/index.html").write_text(armed, encoding="utf-8")
    assert _attempts(f"{address}posts/armed/", tmp_path)
