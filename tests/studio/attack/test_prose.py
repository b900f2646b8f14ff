"""MITRE's texts as safe HTML."""

from __future__ import annotations

import pytest

from studio.attack.prose import prose, sentence

GUIDE = {"name": "Guide (2nd)", "text": "A field guide.", "url": "https://birds.example/guide"}


def test_it_numbers_citations_and_lists_their_sources():
    made = prose("They sit.(Citation: Guide (2nd)) They fly.(Citation: Letters)(Citation: Guide (2nd))", [GUIDE])
    assert made.html.count('href="#source-1"') == 2
    assert made.html.count('href="#source-2"') == 1
    assert "Citation" not in made.html
    assert [(source.name, source.url) for source in made.sources] == [("Guide (2nd)", GUIDE["url"]), ("Letters", "")]


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("https://attack.mitre.org/techniques/T1059/004", "/attack/techniques/T1059.004/"),
        ("https://attack.mitre.org/techniques/T1059/", "/attack/techniques/T1059/"),
        ("https://attack.mitre.org/groups/G0034", "/attack/groups/G0034/"),
        ("https://attack.mitre.org/software/S0496", "/attack/software/S0496/"),
        ("https://attack.mitre.org/campaigns/C0001", "https://attack.mitre.org/campaigns/C0001"),
    ],
)
def test_it_links_to_our_own_pages(address, own):
    assert f'href="{own}"' in prose(f"See [there]({address}).").html


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[x](javascript:alert(1))",
        '<a href="javascript:alert(1)">x</a>',
        '<p style="position:fixed" onclick="x()">x</p>',
        "<iframe src=//evil.example></iframe>",
        "(Citation: <script>alert(1)</script>)",
        "<code><svg onload=alert(1)></code>",
    ],
)
def test_it_lets_no_script_through(attack):
    for html in (prose(attack).html, sentence(attack)):
        assert not any(
            bad in html.lower()
            for bad in ("<script", "onerror=", 'href="javascript', "style=", "onclick=", "<iframe", "<svg", "<img")
        )


def test_it_keeps_the_formatting():
    html = prose("* <code>rm -rf</code> is `bad`\n\nAnd **so** on.").html
    assert "<li><code>rm -rf</code> is <code>bad</code></li>" in html
    assert "<strong>so</strong>" in html


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("HKLM\\[Wow\\]Run\\", "HKLM\\[Wow\\]Run\\"),
        ("a `b` c", "a `b` c"),
        ("&lt;script&gt;", "&lt;script&gt;"),
        ("*x* (Citation: y)", "*x* (Citation: y)"),
        ("rm\n-rf", "rm -rf"),
    ],
)
def test_it_takes_code_literally(code, shown):
    assert sentence(f"See <code>{code}</code>.") == f"See <code>{shown}</code>."


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("They sit.(Citation: Field Gui...", "They sit. …"),
        ("They sit on [perches](https://attack.mitre.org/tech...", "They sit on perches …"),
        ("They s...", "They s …"),
        ("They sit.(Cit...", "They sit. …"),
        ("They run <code>rm -r...", "They run <code>rm -r …</code>"),
        ("They wait...and sit.", "They wait...and sit."),
    ],
)
def test_it_ends_a_cut_text_cleanly(text, ended):
    assert sentence(text) == ended


def test_a_sentence_has_no_citations():
    assert sentence("They sit.(Citation: Guide (2nd))") == "They sit."
