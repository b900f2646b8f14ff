"""The editor over its textarea: highlighting, findings, completion, and a form that never notices."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import expect

from studio.ui.templatetags.mews import htmx_config

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CATALOG = {
    "fields": [{"name": "proc.name", "type": "CHARBUF"}, {"name": "evt.is_open_read", "type": "BOOL"}],
    "operators": {"CHARBUF": ["contains", "startswith"], "BOOL": ["exists"]},
    "values": {"user.name": ["root", "nobody"]},
    "arguments": {"flags": ["O_CREAT"]},
    "macros": [{"name": "spawned_process", "description": "A program started.", "condition": "evt.type = execve"}],
    "lists": [{"name": "shell_binaries", "description": "Shells."}],
}
CONDITION = 'spawned_process\n  and proc.nme = "é" and not user.name in (root)'
FINDINGS = '[{"from":22,"to":30,"severity":"error","message":"field proc.nme does not exist","code":"LOAD"}]'
PAGE = """<!doctype html><html lang="en" data-bs-theme="{theme}"><head><meta charset="utf-8"><title>Editor</title>
<meta name="htmx-config" content='{htmx}'><meta name="mews-editor" content="/static/dist/editor.js">
<meta name="mews-icons" content="/static/dist/icons.svg"><link rel="stylesheet" href="/static/dist/mews.css">
<script type="module" src="/static/dist/mews.js"></script></head><body><main><h1>Editor</h1><form action="/sent">
<label for="c">Condition</label><div id="help">What Falco evaluates</div>
<mews-editor mode="condition" data-catalog="/catalog.json" data-findings='{findings}'><textarea id="c" name="c"
 aria-describedby="help">{condition}</textarea></mews-editor>
<label for="o">Output</label><mews-editor mode="output" data-catalog="/catalog.json"><textarea id="o"
 name="o">By %user.name</textarea></mews-editor>
<label for="y">YAML</label><mews-editor mode="yaml"><textarea id="y" name="y"
 readonly>- rule: X</textarea></mews-editor>
<button>Send</button></form></main></body></html>"""


@pytest.fixture(scope="module")
def browser():
    from tests.browser import chromium

    with chromium() as running:
        yield running


@pytest.fixture
def editor(browser, live_server):
    """Opens the sample page under the policy that Mews sends, in a theme."""
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
    policy = "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives)
    contexts, errors = [], []

    def opened(theme="light", **options):
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        body = PAGE.format(theme=theme, htmx=htmx_config(), findings=FINDINGS, condition=CONDITION)
        headers = {"Content-Security-Policy": policy}
        page.route("**/page", lambda route: route.fulfill(body=body, content_type="text/html", headers=headers))
        page.route("**/sent?*", lambda route: route.fulfill(body="<title>Sent</title>", content_type="text/html"))
        page.route("**/catalog.json", lambda route: route.fulfill(json=CATALOG))
        page.goto("/page")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not [error for error in errors if "favicon" not in error and "404" not in error]


def ready(page):
    page.wait_for_selector("mews-editor >> nth=2 >> .cm-content")
    return page


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_colours_and_marks_in_both_themes(editor, theme):
    from tests.browser import complaints

    page = ready(editor(theme))
    page.wait_for_selector(".cm-lintRange-error")
    expect(page.locator(".cm-lintRange-error")).to_have_text("proc.nme")
    colours = {page.evaluate("e => getComputedStyle(e).color", e) for e in page.query_selector_all(".cm-line span")}
    assert len(colours) >= 4
    assert complaints(page) == []


def test_it_counts_findings_in_bytes(editor):
    page = ready(editor())
    start = CONDITION.index("root")
    offset = len(CONDITION[:start].encode())
    page.evaluate(
        "finding => document.querySelector('mews-editor').setFindings([finding])",
        {"from": offset, "to": offset + 4, "severity": "warning", "message": "m"},
    )
    expect(page.locator(".cm-lintRange-warning")).to_have_text("root")


def test_it_writes_each_edit_to_the_textarea(editor):
    page = ready(editor())
    page.evaluate("""() => {
        window.heard = [];
            const area = document.getElementById('c');
            for (const name of ['input', 'change']) area.addEventListener(name, () => heard.push(name));
    }""")
    page.click("label[for=c]")
    expect(page.locator("mews-editor:focus")).to_have_count(1)
    page.keyboard.press("Control+End")
    page.keyboard.type(" or")
    assert page.evaluate("document.getElementById('c').value") == CONDITION + " or"
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.querySelector('textarea').id") == "o"
    assert page.evaluate("heard") == ["input"] * 3 + ["change"]


def test_it_takes_over_what_others_write(editor):
    page = ready(editor())
    page.evaluate("""() => {
        const area = document.getElementById('o');
        area.value = 'Set by %proc.name';
        area.dispatchEvent(new Event('input', {bubbles: true}));
    }""")
    expect(page.locator("mews-editor >> nth=1 >> .cm-content")).to_have_text("Set by %proc.name")


def test_it_offers_what_fits(editor):
    page = ready(editor())
    page.click("label[for=c]")
    page.keyboard.press("Control+End")
    page.keyboard.type(" and proc.n")
    page.wait_for_selector(".cm-tooltip-autocomplete li")
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("proc.name")
    page.wait_for_timeout(120)  # a completion just shown does not take Enter, so that fast typists are not surprised
    page.keyboard.press("Enter")
    page.keyboard.type(" cont")
    page.wait_for_selector(".cm-tooltip-autocomplete li:has-text('contains')")
    page.wait_for_timeout(120)
    page.keyboard.press("Enter")
    assert page.evaluate("document.getElementById('c').value").endswith(" and proc.name contains")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (" and evt.arg.flags contains O", "O_CREAT"),
        (" and user.name in (no", "nobody"),
        (" and user.name = ro", "root"),
        (" and proc.name in (root, sh", "shell_binaries"),
        (" and evt.is_open_read = tr", "true"),
    ],
)
def test_it_offers_values_that_fit_the_field(editor, typed, offered):
    page = ready(editor())
    page.click("label[for=c]")
    page.keyboard.press("Control+End")
    page.keyboard.type(typed)
    page.wait_for_selector(f".cm-tooltip-autocomplete li:has-text('{offered}')")


def test_it_explains_the_word_under_the_mouse_and_asks_for_a_definition(editor):
    page = ready(editor())
    page.evaluate("document.addEventListener('mews:definition', (event) => { window.asked = event.detail.name; })")
    page.hover("mews-editor >> nth=0 >> .cm-line >> nth=0", position={"x": 40, "y": 8})
    page.wait_for_selector(".cm-meaning")
    expect(page.locator(".cm-meaning")).to_contain_text("A program started.")
    expect(page.locator(".cm-meaning")).to_contain_text("evt.type = execve")
    page.click("label[for=c]")
    page.keyboard.press("Control+Home")
    page.keyboard.press("F12")
    page.wait_for_function("window.asked === 'spawned_process'")


def test_it_has_the_name_and_the_description_of_its_textarea(editor):
    page = ready(editor())
    content = page.locator(".cm-content").first
    expect(content).to_have_attribute("aria-label", "Condition")
    expect(content).to_have_attribute("aria-description", "What Falco evaluates")
    yaml = page.locator(".cm-content").nth(2)
    expect(yaml).to_have_attribute("aria-readonly", "true")
    yaml.focus()
    page.keyboard.type("x")
    assert page.evaluate("document.getElementById('y').value") == "- rule: X"


def test_it_is_a_plain_textarea_without_javascript(editor):
    page = editor(java_script_enabled=False)
    page.fill("#c", "proc.name = cat")
    page.click("button")
    assert "c=proc.name+%3D+cat" in page.url
