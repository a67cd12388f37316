"""The built site in a real browser: nothing wider than a phone, nothing that runs, legible by day and by night."""

from __future__ import annotations

import functools
import http.server
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest

from publish.site.building import build, write
from tests.publish.sample_vault import OWN, SETTINGS, SKILLRL, vault
from tests.publish.test_site_hostile import OWN_PAYLOADS

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")

PAGES = (
    "",
    "posts/2026-02-20/",
    "posts/2026-02-19/",
    "trends/2026-W08/",
    f"notes/{SKILLRL}/",
    "notes/",
    "posts/",
    "topics/",
    "topics/reinforcement-learning-agents/",
    "tags/",
    "tags/agents/",
    "404.html",
)

# Headless windows are at least 500 pixels wide, so a page is seen through a frame of the width asked for.
PROBE = """<!doctype html><meta charset=utf-8><body><pre id=out></pre><script>
const pages = %s, out = [];
const channel = c => { c /= 255; return c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4 };
const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number); return .2126*channel(r) + .7152*channel(g) + .0722*channel(b) };
const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + .05) / (y + .05) };
const paper = (w, node) => { for (; node; node = node.parentElement) { const c = w.getComputedStyle(node).backgroundColor;
  if (!/, 0\\)$|transparent/.test(c)) return c } return "rgb(255,255,255)" };
async function look(page) {
  const frame = document.createElement("iframe");
  frame.style = "width:%dpx;height:900px;border:0"; frame.src = "/" + page;
  await new Promise(done => { frame.onload = done; document.body.append(frame) });
  const w = frame.contentWindow, d = w.document, wide = d.documentElement.scrollWidth;
  const faint = [...d.querySelectorAll("h1,h2,h3,p,li,a,time,td,th,span,code")].filter(e => e.textContent.trim() && !e.closest(".skip"))
    .filter(e => contrast(w.getComputedStyle(e).color, paper(w, e)) < 4.5).map(e => e.tagName + "." + e.className);
  const small = [...d.querySelectorAll(".prose p,.prose li")].filter(e => parseFloat(w.getComputedStyle(e).fontSize) < 14).length;
  out.push([page, wide, d.styleSheets.length, w.getComputedStyle(d.documentElement).backgroundColor, small, faint.slice(0, 3).join(",")].join("|"));
  frame.remove();
}
(async () => { for (const page of pages) await look(page); document.getElementById("out").textContent = out.join("\\n") })();
</script>"""


class _Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        if not self.path.startswith("/probe?"):
            return super().do_GET()
        asked = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        body = (PROBE % (list(map(quote, asked["page"])), int(asked["width"][0]))).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)
        return None


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    hostile = "\n\n".join(OWN_PAYLOADS).replace("\x00", "")
    notes = (*vault(), *vault({"notes/hostile.md": OWN.replace("I begin", f"{hostile}\n\nI begin")}))
    write(folder, build(notes, SETTINGS))
    return folder


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Handler, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def browse(url: str, profile: Path, *options: str, dark: bool = False) -> subprocess.CompletedProcess[str]:
    scheme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
    command = [
        str(BROWSER),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={profile}",
        scheme,
        *options,
        url,
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


@dataclass(frozen=True)
class Look:
    """What the browser saw of a page: its width, style sheets, background, texts too small, texts too faint."""

    page: str
    width: int
    sheets: int
    is_dark: bool
    small: int
    faint: str


def looks(address: str, pages: Sequence[str], width: int, profile: Path, *, dark: bool = False) -> list[Look]:
    query = urlencode([("width", width), *(("page", page) for page in pages)])
    dom = browse(
        f"{address}probe?{query}", profile, "--hide-scrollbars", "--virtual-time-budget=20000", "--dump-dom", dark=dark
    )
    found = re.search(r'<pre id="out">(.*?)</pre>', dom.stdout, re.DOTALL)
    assert found is not None, dom.stderr[-1000:]
    lines = [line.split("|") for line in unescape(found[1]).splitlines()]
    return [
        Look(page, int(wide), int(sheets), int(re.findall(r"\d+", paper)[0]) < 60, int(small), faint)
        for page, wide, sheets, paper, small, faint in lines
    ]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_kind_of_page_fits_and_is_legible(address: str, tmp_path: Path, width: int, dark: bool):
    expected = [Look(quote(page), width, 1, dark, 0, "") for page in PAGES]
    assert looks(address, PAGES, width, tmp_path, dark=dark) == expected


def test_the_browser_sees_what_is_too_wide_too_small_or_too_faint(address: str, site: Path, tmp_path: Path):
    """Positive control."""
    page = re.sub(r"<meta http-equiv[^>]*>", "", (site / "index.html").read_text(encoding="utf-8"))
    bad = "<style>h1{width:900px;color:#ccc !important}.told{font-size:9px}</style>"
    (site / "bad.html").write_text(
        page.replace("</head>", f"{bad}</head>").replace('"river"', '"prose"'), encoding="utf-8"
    )
    (look,) = looks(address, ["bad.html"], 390, tmp_path)
    assert look.width > 390
    assert look.small > 0
    assert "H1" in look.faint


@pytest.mark.parametrize("page", [f"notes/{SKILLRL}/", "notes/hostile/"])
def test_nothing_tries_to_run(address: str, tmp_path: Path, page: str):
    assert _attempts(address + page, tmp_path) == []


def test_the_browser_tells_of_an_attempt(address: str, site: Path, tmp_path: Path):
    """Positive control: what the pages' policy refuses is seen in the log."""
    page = (site / "notes/hostile/index.html").read_text(encoding="utf-8")
    (site / "armed.html").write_text(
        page.replace("</h1>", f"</h1>{OWN_PAYLOADS[1]}{OWN_PAYLOADS[0]}"), encoding="utf-8"
    )
    assert escape(OWN_PAYLOADS[0]) in page
    assert _attempts(f"{address}armed.html", tmp_path)


def _attempts(url: str, profile: Path) -> list[str]:
    log = browse(url, profile, "--enable-logging=stderr", "--v=0", "--virtual-time-budget=3000", "--dump-dom").stderr
    return [line for line in log.splitlines() if "CONSOLE" in line and "Content Security Policy" in line]


@pytest.mark.skipif("SLIPWAY_SCREENSHOTS" not in os.environ, reason="SLIPWAY_SCREENSHOTS names no folder for pictures")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_pictures(address: str, tmp_path: Path, dark: bool):
    folder = Path(os.environ["SLIPWAY_SCREENSHOTS"])
    folder.mkdir(parents=True, exist_ok=True)
    for page in PAGES:
        name = folder / f"{page.strip('/').replace('/', '-') or 'home'}-{'dark' if dark else 'light'}.png"
        browse(
            address + quote(page),
            tmp_path,
            "--hide-scrollbars",
            "--window-size=1280,1600",
            f"--screenshot={name}",
            dark=dark,
        )
        assert name.stat().st_size > 10_000
