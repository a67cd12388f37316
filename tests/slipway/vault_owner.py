"""The owner of a vault, who edits, moves and deletes files whenever they like, and remembers every byte they wrote."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

PAGES = ("Inbox.md", "Reading list.md", "Suggestions.md", "Today.md")
TICK = re.compile(rb"(?m)^- \[ \]")
ID = re.compile(rb"(?m)\A---\n(?:.*\n)*?id: (\S+)\n")

TEXTS = (
    b"my own thought about agents and their memory\n",
    "智能體的記憶與強化學習\r\n沒有換行結尾".encode(),
    b"---\ntitle: Skills of agents, by hand\ntags: [mine]\n---\n\n# Skills\n\nreinforcement learning [[Nowhere]] #mine\n",
    b"---\nbroken: [yaml\n---\nagents learn skills\n",
    b"\xff\xfe\x00no text at all\x80",
    b"",
    b"+++\ntitle = 'toml'\n+++\nmemory of agents for long tasks\n",
    b"\xef\xbb\xbf---\nid: my-id\n---\nlong tasks, memory, agents\n\n## Related\n\n- [[something]]\n",
)
PLACES = (
    "mine.md",
    "我的/記憶.md",
    "notes/2026/by hand.md",
    "cafe\u0301.md",
    "caf\u00e9.md",
    "topics/own.md",
    "Mine.md",
    "深" * 84 + ".md",
    "a/b/c/deep.md",
    "x.sync-conflict-20260220-101112-ABCDEFG.md",
)


@dataclass
class Owner:
    """What the owner did to the vault at ``root``, and what must therefore be there."""

    root: Path
    mine: dict[str, bytes] = field(default_factory=dict)
    lines: dict[str, set[bytes]] = field(default_factory=dict)
    vacated: set[str] = field(default_factory=set)
    made: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    left: dict[str, bytes] = field(default_factory=dict)
    bin: list[tuple[str, bytes, bool, bool]] = field(default_factory=list)
    copies: Counter[bytes] = field(default_factory=Counter)
    deeds: list[str] = field(default_factory=list)
    took_links: bool = False
    number: int = 0

    def act(self, kind: str, pick: int, how: int, about: str = "") -> None:
        """Do something: ``pick`` chooses the file, ``how`` the words and the manner; ``about`` is a file just being written."""
        self.number += 1
        getattr(self, f"_{kind}")(pick, how, about)

    # --- deeds ---

    def _create(self, pick: int, how: int, about: str) -> None:
        path = about if about and pick % 2 else PLACES[pick % len(PLACES)]
        if self._write_new(path, TEXTS[how % len(TEXTS)] + b"%d" % self.number):
            self.made.add(path)

    def _copy(self, pick: int, how: int, about: str) -> None:
        if path := self._file(pick):
            raw = (self.root / path).read_bytes()
            if self._write_new(f"copies/{how % 5}.md", raw) and (found := ID.match(raw)):
                self.copies[found[1]] += 1
                # Byte for byte Slipway's own: should the first one go, this one is as good.
                del self.mine[f"copies/{how % 5}.md"]

    def _write_new(self, path: str, raw: bytes) -> bool:
        place = self.root / path
        if place.exists() or place.is_symlink():
            return False
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(raw)
        self._owns(path, raw, "create")
        return True

    def _edit(self, pick: int, how: int, about: str) -> None:
        path = about if about and pick % 2 else self._file(pick)
        if not path or path in PAGES or not (self.root / path).is_file():
            return
        raw = (self.root / path).read_bytes()
        word = b"edit %d" % self.number
        edited = (
            raw + b"\n" + word,
            word + raw,
            raw.replace(b"\n", b"\r\n") + word,
            raw[: len(raw) // 2] + word,
            raw + b"\xff" + word,
            raw.replace(b"\n---\n", b"\n: broken\n---\n", 1) + word,
        )[how % 6]
        self._save(self.root / path, edited, how)
        self._owns(path, edited, "edit")

    def _save(self, place: Path, raw: bytes, how: int) -> None:
        if how % 3 == 0:
            place.write_bytes(raw)  # as Obsidian does
        elif how % 3 == 1:
            temporary = place.with_name(f"~{self.number}")
            temporary.write_bytes(raw)
            temporary.replace(place)  # as vim does
        else:
            with place.open("r+b") as file:
                file.write(raw)
                file.truncate()

    def _move(self, pick: int, how: int, about: str) -> None:
        path = about if about and pick % 2 else self._file(pick)
        to = f"moved/{self.number}.md" if how % 2 else f"移動/{how % 7}.md"
        place = self.root / to
        if not path or not (self.root / path).is_file() or place.exists():
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        raw = (self.root / path).read_bytes()
        (self.root / path).rename(place)
        is_mine, was_made = path in self.mine or path in PAGES, path in self.made
        self._leaves(path, "move")
        if was_made:
            self.made.add(to)
        if is_mine:
            self._owns(to, raw, "moved")

    def _delete(self, pick: int, how: int, about: str) -> None:
        path = about if about and pick % 2 else self._file(pick)
        if path and (self.root / path).is_file():
            self.bin.append((path, (self.root / path).read_bytes(), path in self.mine, path in self.made))
            (self.root / path).unlink()
            self._leaves(path, "delete")

    def _restore(self, pick: int, how: int, about: str) -> None:
        if self.bin:
            path, raw, is_mine, was_made = self.bin.pop(pick % len(self.bin))
            if path in PAGES or not self._write_new(path, raw):
                return
            if was_made:
                self.made.add(path)
            if not is_mine:
                del self.mine[path]

    def _tick(self, pick: int, how: int, about: str) -> None:
        page = PAGES[pick % 3]
        place = self.root / page
        raw = place.read_bytes() if place.is_file() else b""
        marks = [match.start() for match in TICK.finditer(raw)]
        if marks:
            at, mark = marks[how % len(marks)], b"- [x]" if how % 3 else b"- [-]"
            place.write_bytes(raw[:at] + mark + raw[at + 5 :])
            line = raw[at:].partition(b"\n")[0]
            if line in self.lines.get(page, ()):
                self.lines[page] ^= {line, mark + line[5:]}
            self.took_links = self.took_links or page == "Suggestions.md"
            self.deeds.append(f"tick {page}")

    def _line(self, pick: int, how: int, about: str) -> None:
        page = PAGES[pick % 3]
        place = self.root / page
        if place.is_file():
            words = f"- [ ] 買牛奶 {self.number}" if how % 2 else f"call the dentist {self.number}"
            mine = words.encode()
            lines = place.read_bytes().split(b"\n")
            at = 1 + how % len(lines)
            place.write_bytes(b"\n".join([*lines[:at], mine, *lines[at:]]))
            self.lines.setdefault(page, set()).add(mine)
            self.deeds.append(f"line {page}")

    # --- the books ---

    def files(self) -> list[str]:
        """The Markdown files that the owner sees."""
        paths = (path.relative_to(self.root) for path in self.root.rglob("*.md") if path.is_file())
        return sorted(path.as_posix() for path in paths if not any(part.startswith(".") for part in path.parts))

    def _file(self, pick: int) -> str:
        files = self.files()
        return files[pick % len(files)] if files else ""

    def _owns(self, path: str, raw: bytes, deed: str) -> None:
        self.mine[path] = raw
        self.vacated.discard(path)
        self.deeds.append(f"{deed} {path}")

    def _leaves(self, path: str, deed: str) -> None:
        if path in self.mine:
            self.left[path] = self.mine.pop(path)
        self.lines.pop(path, None)
        # Where a file of the owner's own stood, a note that has never been there may come once it is away.
        if path not in self.made:
            self.gone.add(path)
        self.made.discard(path)
        if path in self.gone:
            self.vacated.add(path)
        self.deeds.append(f"{deed} {path}")

    # --- what must hold ---

    def check(self) -> None:
        """Every byte the owner wrote is where they left it; what they took away is away; nothing is doubled."""
        for path, raw in sorted(self.mine.items()):
            place = self.root / path
            assert place.is_file(), f"{path} is gone"
            found = place.read_bytes()
            if found != raw and self.took_links and _is_with_links(raw, found):
                self.mine[path] = found
                continue
            assert found == raw, f"{path} was changed"
        for page, lines in self.lines.items():
            there = (self.root / page).read_bytes().splitlines()
            for line in lines:
                assert line in there, f"{line.decode()} is lost from {page}"
        for path in sorted(self.vacated):
            if path.startswith("notes/") and (self.root / path).exists():
                # Saved and deleted within the microseconds of one exchange: their words come back rather than be lost.
                assert (self.root / path).read_bytes() == self.left.get(path), f"{path} came back"
                self._owns(path, self.left[path], "got back")
        assert not [path for path in self.root.rglob(".slipway-*")], "something was left lying about"
        ids = Counter(
            found[1]
            for path in self.root.rglob("*.md")
            if path.relative_to(self.root).as_posix() not in self.mine and (found := ID.match(path.read_bytes()))
        )
        doubled = {name for name, count in ids.items() if count > 1 + self.copies[name]}
        assert not doubled, f"doubled: {doubled}"
        # A tick made while the page was being read is for the next night.
        page = self.root / "Suggestions.md"
        self.took_links = page.is_file() and b"- [x]" in page.read_bytes()


def _is_with_links(before: bytes, after: bytes) -> bool:
    """Whether ``after`` is ``before`` with one stretch put in that holds a link."""
    same = (n for n, (one, other) in enumerate(zip(before, after, strict=False)) if one != other)
    start = next(same, min(len(before), len(after)))
    put_in = len(after) - len(before)
    return any(
        put_in > 0 and after[:at] + after[at + put_in :] == before and b"[[" in after[at : at + put_in]
        for at in range(start, max(-1, start - 200), -1)
    )
