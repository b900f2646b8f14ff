"""The shortcuts change the speed of reading and nothing else."""

from __future__ import annotations

import random

import pytest

from rules_export.yamlcpp import blocks, collections
from rules_export.yamlcpp.documents import load_documents
from rules_export.yamlcpp.text import SourceText, YamlError
from tests.rules_export.yamlcpp.mutations import SEEDS, mutant


def shape(node, depth=0):
    if depth > 30:
        return "…"
    items = [shape(item, depth + 1) for item in node.items]
    pairs = [(shape(key, depth + 1), shape(value, depth + 1)) for key, value in node.pairs]
    return node.kind, node.mark, node.text, items, pairs


def outcome(text):
    try:
        return [shape(document) for document in load_documents(SourceText(text))]
    except YamlError as error:
        return error.message, error.mark


@pytest.fixture
def slowly(monkeypatch):
    """Read without shortcuts."""

    def read(text):
        with monkeypatch.context() as patch:
            for name in ("simple_key", "simple_entry", "simple_value"):
                patch.setattr(collections, name, lambda _scanner: None)
            patch.setattr(blocks, "_even_lines", lambda *_: None)
            return outcome(text)

    return read


@pytest.mark.parametrize("seed", range(len(SEEDS)))
def test_it_reads_ordinary_files_alike_with_and_without_shortcuts(slowly, seed):
    assert outcome(SEEDS[seed]) == slowly(SEEDS[seed])


def test_it_reads_damaged_files_alike_with_and_without_shortcuts(slowly):
    chance = random.Random(63)
    for _ in range(400):
        text = mutant(chance)
        assert outcome(text) == slowly(text), text
