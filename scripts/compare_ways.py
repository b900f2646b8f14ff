"""Build four rules in three ways in a real browser, compare the trees, and count: clicks, keystrokes, server time.

python scripts/compare_ways.py [RULE …]     only rules whose name holds one of the words
python scripts/compare_ways.py --write      put the tables into docs/authoring.md

Ways: visual (rows, by mouse; fields and values are typed), text, and a paste of YAML. Exit code 1 where two ways of one
rule give different trees.
"""

from __future__ import annotations

import re
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from house import ROOT, House, demo
from playwright.sync_api import Page, Request, sync_playwright
from screenshots import CHROMIUM, QUIET, enter

sys.path.insert(0, str(ROOT))

from rules_export.language.ast import And, Compare, Exists, Identifier, Node, Not, Or, ValueList
from rules_export.language.operators import split
from rules_export.language.parser import parse
from rules_export.language.printer import to_text

DOCS = ROOT / "docs" / "authoring.md"
BEGIN, END = "<!-- measured: scripts/compare_ways.py --write -->", "<!-- end of what was measured -->"
SERVICES = (
    "systemd-backlight@.service",
    "apport.service",
    "rescue.service",
    "emergency.service",
    "recovery-mode.service",
)
TOOLS = (("rm", "-rf"), ("chattr", "+i"), ("mkfs.ext4", "-E nodiscard"), ("mount", "remount,ro"),
         *(("systemctl", f"disable {service}") for service in SERVICES))  # fmt: skip

RULES = {
    "T1490, recovery disabled": "spawned_process and ("
    + " or ".join(f'(proc.name = {tool} and proc.args contains "{words}")' for tool, words in TOOLS)
    + ")",
    "Reverse shell": "evt.type in (dup, dup2, dup3) and container and evt.rawres in (0, 1, 2)"
    " and fd.type in (ipv4, ipv6)",
    "Sensitive file read": "open_read and sensitive_files and not proc.name in (sshd, sudo, login, cron)",
    "Escape by release_agent": "open_write and container and fd.name endswith release_agent"
    " and (user.uid = 0 or thread.cap_effective contains CAP_DAC_OVERRIDE)"
    " and thread.cap_effective contains CAP_SYS_ADMIN",
}


@dataclass
class Count:
    """What one way cost. answers: (kind, milliseconds) of everything that the server was asked."""

    clicks: int = 0
    keys: int = 0
    answers: list[tuple[str, float]] = field(default_factory=list)

    @property
    def times(self) -> list[float]:
        """The milliseconds alone, in order of size."""
        return sorted(time for _, time in self.answers)


class Hand:
    """A person's hand on one page: every click and key is counted, every answer is timed."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = Count()
        page.on("requestfinished", self._heard)

    def click(self, selector: str, *, answered: bool = False) -> None:
        """A click; with `answered`, wait for what the server says to it."""
        self.count.clicks += 1
        with self._waiting(answered):
            self.page.click(selector)

    def choose(self, selector: str, value: str, *, answered: bool = False) -> None:
        """A choice from a menu: one click opens it, one takes the value."""
        self.count.clicks += 2
        with self._waiting(answered):
            self.page.select_option(selector, value)

    def type(self, text: str, pause: int = 0) -> None:
        self.count.keys += len(text)
        self.page.keyboard.type(text, delay=pause)

    def press(self, key: str, *, answered: bool = False) -> None:
        self.count.keys += 1
        with self._waiting(answered):
            self.page.keyboard.press(key)

    def paste(self, text: str) -> None:
        """Ctrl-V."""
        self.count.keys += 1
        self.page.keyboard.insert_text(text)

    @contextmanager
    def _waiting(self, answered: bool) -> Iterator[None]:
        if not answered:
            yield
            return
        with self.page.expect_response(lambda one: one.request.method == "POST" and "/here/" not in one.url):
            yield
        self.page.wait_for_timeout(60)  # the answer is put in place

    def _heard(self, request: Request) -> None:
        if request.resource_type in ("document", "xhr", "fetch") and "/static/" not in request.url:
            took = request.timing["responseStart"] - request.timing["requestStart"]
            self.count.answers.append((kind_of(request), took))


def kind_of(request: Request) -> str:
    """What was asked, in words."""
    path = urlsplit(request.url).path
    if path.endswith("/findings/"):
        return "check while typing"
    if path.endswith("/blank/"):
        return "form that follows a choice"
    if path.endswith(".json"):
        return "words of the editor (once)"
    if request.method == "GET":
        return "page"
    if path.endswith("/new/yaml/"):
        return "read pasted YAML, make the draft"
    if path.endswith("/new/"):
        return "make the draft"
    verb = parse_qs(request.post_data or "").get("do", ["save"])[0].partition(":")[0]
    return {"save": "save the text", "set": "save a row"}.get(verb, f"builder: {verb}")


def begin(hand: Hand, root: str) -> None:
    """From the list of drafts to the condition of a new one."""
    hand.page.goto(f"{root}/drafts/")
    hand.count = Count()
    hand.click("a[href='/drafts/new/'] >> nth=-1")
    hand.click("main form button.btn-primary")
    hand.page.wait_for_url(re.compile("/technique/"))
    hand.click(".wsteps a[href$='/condition/']")
    hand.page.wait_for_url(re.compile("/condition/"))
    hand.page.wait_for_load_state("networkidle")


def condition_of(page: Page) -> str:
    """What was saved."""
    address = re.sub(r"(/drafts/\d+/).*", r"\1condition/?view=text", page.url)
    page.goto(address)
    text = page.input_value("#id_condition")
    page.goto(address.replace("view=text", "view=visual"))
    return text


def by_text(hand: Hand, root: str, name: str, condition: str) -> None:
    """Typed into the editor."""
    begin(hand, root)
    hand.click("#view-text")
    hand.page.wait_for_url(re.compile("view=text"))
    hand.page.wait_for_load_state("networkidle")
    hand.click("#condition-editor .cm-content")
    hand.type(condition, pause=25)
    hand.page.wait_for_load_state("networkidle")
    hand.page.wait_for_timeout(600)


def by_yaml(hand: Hand, root: str, name: str, condition: str) -> None:
    """Pasted as the rule of a file."""
    hand.page.goto(f"{root}/drafts/")
    hand.count = Count()
    hand.click("a[href='/drafts/new/yaml/']")
    hand.click("#id_text")
    hand.paste(
        f"- rule: {name}\n  desc: Somebody does what {name} says.\n  condition: >\n    {condition}\n"
        "  output: It happened | process=%proc.name command=%proc.cmdline\n  priority: WARNING\n"
    )
    hand.click("main form button.btn-primary")
    hand.page.wait_for_url(re.compile(r"/drafts/\d+/check/"))


def by_rows(hand: Hand, root: str, name: str, condition: str) -> None:
    """Clicked together in the visual view."""
    begin(hand, root)
    tree = parse(condition)
    members = tree.args if isinstance(tree, And) else (tree,)
    for number, member in enumerate(members):
        if isinstance(member, Or):
            hand.click("#group-all" if number == 1 else "#group-row-all", answered=True)
            fill_group(hand, f"row-{number}", member)
            continue
        hand.click({0: "#add-first", 1: "#and-all"}.get(number, "#add-row-all"), answered=True)
        fill(hand, "0-", member)
        hand.click("#put-in", answered=True)
        if isinstance(member, Not):
            hand.click("#do-negate", answered=True)


def fill_group(hand: Hand, row: str, group: Or) -> None:
    """An any-of group: its first two members together, the others one by one."""
    for number, member in enumerate(group.args[:2]):
        fill(hand, f"{number}-", parts(member)[0])
    hand.click("#put-in", answered=True)
    for number, member in enumerate(group.args[:2]):
        for more in parts(member)[1:]:
            hand.click(f"#{row}-{number}", answered=True)
            hand.click("#do-and", answered=True)
            fill(hand, "0-", more)
            hand.click("#put-in", answered=True)
    for member in group.args[2:]:
        several = len(parts(member)) > 1
        hand.click(f"#group-{row}" if several else f"#add-{row}", answered=True)
        for number, part in enumerate(parts(member)):
            fill(hand, f"{number}-", part)
        hand.click("#put-in", answered=True)


def parts(node: Node) -> tuple[Node, ...]:
    return node.args if isinstance(node, And) else (node,)


def fill(hand: Hand, prefix: str, node: Node) -> None:
    """One line of the open form."""
    inner = node.arg if isinstance(node, Not) else node
    at = f"[id='{prefix}%s']"
    hand.click(at % "name")
    if isinstance(inner, Identifier):
        hand.type(inner.name)
        hand.press("Tab", answered=True)
        return
    if not isinstance(inner, Compare | Exists):
        raise SystemExit(f"A line cannot hold {to_text(node)}")
    hand.type(to_text(inner.left))
    hand.press("Tab", answered=True)
    op = split(inner.op)[0] if isinstance(inner, Compare) else "exists"
    if op != "=":
        hand.choose(at % "op", op, answered=True)
    if isinstance(inner, Compare):
        hand.click(at % "value")
        values = inner.right.items if isinstance(inner.right, ValueList) else (getattr(inner.right, "text", ""),)
        hand.type("\n".join(values))


WAYS: dict[str, Callable[[Hand, str, str, str], None]] = {"visual": by_rows, "text": by_text, "YAML": by_yaml}


def drive(page: Page, house: House, words: list[str]) -> tuple[dict[tuple[str, str], Count], list[str]]:
    """Every rule in every way; the counts, and what does not agree."""
    counts, wrong = {}, []
    for name, condition in RULES.items():
        if words and not any(word.lower() in name.lower() for word in words):
            continue
        for way, build in WAYS.items():
            hand = Hand(page)
            build(hand, house.url, name.partition(",")[0], condition)
            count, hand.count = hand.count, Count()
            page.remove_listener("requestfinished", hand._heard)
            text = condition_of(page)
            if parse(text) != parse(condition):
                wrong.append(f"{name}, {way}: {text}")
            counts[name, way] = count
            times = count.times
            print(f"{name:26} {way:7} {count.clicks:4} clicks {count.keys:5} keys {len(times):4} answers,"
                  f" median {statistics.median(times):5.0f} ms, slowest {times[-1]:5.0f} ms", flush=True)  # fmt: skip
    return counts, wrong


def tables(counts: dict[tuple[str, str], Count]) -> str:
    """The two tables of the documentation."""
    lines = [
        _line("rule", "way", "clicks", "keystrokes", "answers of the server", "median", "slowest"),
        _line(*["---"] * 7),
    ]
    kinds: dict[str, list[float]] = {}
    for (name, way), count in counts.items():
        times = count.times
        lines.append(
            _line(name, way, count.clicks, count.keys, len(times), *map(_ms, (statistics.median(times), times[-1])))
        )
        for kind, time in count.answers:
            kinds.setdefault(kind, []).append(time)
    lines += ["", _line("what the server was asked", "how often", "fastest", "median", "slowest"), _line(*["---"] * 5)]
    for kind, found in sorted(kinds.items(), key=lambda pair: -len(pair[1])):
        lines.append(_line(kind, len(found), *map(_ms, (min(found), statistics.median(found), max(found)))))
    return "\n".join(lines)


def _line(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _ms(time: float) -> str:
    return f"{time:.0f} ms"


def main(words: list[str]) -> int:
    write = "--write" in words
    with demo() as house, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        enter(page, house)
        counts, wrong = drive(page, house, [word for word in words if word != "--write"])
        browser.close()
    for line in wrong:
        print("DIFFERENT", line)
    if write and not wrong:
        text = DOCS.read_text()
        before, after = text.partition(BEGIN)[0], text.partition(END)[2]
        DOCS.write_text(f"{before}{BEGIN}\n\n{tables(counts)}\n\n{END}{after}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
