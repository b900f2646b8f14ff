"""The habits of the house, where a machine can see them."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(
    path
    for package in ("rules_export", "studio")
    for path in (ROOT / package).rglob("*.py")
    if not {"migrations", "data"} & set(path.parts)
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=[\"']|\son[a-z]+=[\"']|javascript:")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_it_says_in_each_module_what_it_is():
    silent = [name(p) for p in MODULES if p.read_text().strip() and not ast.get_docstring(ast.parse(p.read_text()))]
    assert not [file for file in silent if not file.endswith("__init__.py")]


def test_it_leaves_nothing_half_done():
    marks = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    assert not [name(path) for path in [*MODULES, *TEMPLATES] if marks.search(path.read_text())]


def test_it_writes_no_inline_script_or_style():
    pages = [path for path in TEMPLATES if path.parent.name != "letters"]  # mail knows no style sheets and no policy
    assert not {name(path): found.group() for path in pages if (found := INLINE.search(path.read_text()))}


def test_it_loads_nothing_from_other_hosts():
    loads = re.compile(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"']https?:")
    assert not [name(path) for path in TEMPLATES if loads.search(path.read_text())]


def test_it_keeps_imports_pointing_one_way():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_it_documents_every_setting():
    asked = re.compile(r"\benv(?:\.\w+)?\(\s*[\"']([A-Z_]+)[\"']")
    names = {found for path in MODULES for found in asked.findall(path.read_text())}
    documented = (ROOT / "docs" / "operations.md").read_text()
    assert {"SECRET_KEY", "PORT", "WEB_WORKERS"} <= names
    assert not [one for one in sorted(names) if f"`{one}`" not in documented]


@pytest.mark.parametrize("file", ["runtime.txt", "dev.txt", "node.txt"])
def test_it_locks_packages_by_hash_without_addresses(file):
    text = (ROOT / "requirements" / file).read_text()
    pinned = re.findall(r"^([\w.-]+)(==\S+)? ", text, re.MULTILINE)
    assert all(version for _, version in pinned)
    assert text.count("--hash=sha256:") >= len(pinned) > 0
    assert "://" not in text
    assert "--index-url" not in text


def test_it_locks_node_packages_by_hash_without_addresses():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    bought = {path: package for path, package in packages.items() if path}
    assert all("integrity" in package for package in bought.values())
    assert not any("resolved" in package for package in bought.values())
