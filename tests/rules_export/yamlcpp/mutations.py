"""Rules files, and files that were rules files before somebody leant on the keyboard."""

from __future__ import annotations

import random

SEEDS = (
    """\
- rule: Write below etc
  desc: A file below /etc was written.
  condition: >
    evt.type in (open, openat) and
    fd.name startswith /etc and not proc.name in (editors)
  output: wrote (file=%fd.name)
  priority: ERROR
  tags: [filesystem, mitre_persistence]
  exceptions:
    - name: known
      fields: [proc.name, fd.name]
      comps: [=, startswith]
      values:
        - [vi, /etc/motd]
""",
    """\
- list: editors
  items: [vi, 'nano', "em acs"]

- macro: opened
  condition: (evt.type=open and not opened_not)
""",
    """\
- required_engine_version: 0.50.0
- required_plugin_versions:
  - name: container
    version: 0.4.0
""",
    """\
- rule: Write below etc
  condition: and proc.name != x
  override: {condition: append}
# end
""",
    """\
---
- rule: &n A
  desc: |-
    d
  condition: evt.type = open # c
  output: '%proc.name it''s'
  priority: info
  enabled: no
  append: false
...
- rule: A
  enabled: true
""",
)
BITS = (
    "\n", "  ", " ", "\t", "- ", ": ", "#", " #", '"', "'", "[", "]", "{", "}", ",", "|", ">", ">-\n", "---\n", "...\n",
    "&a ", "*a", "!x ", "? ", "~", "\r", "\x00", "\x04", "\x85", "é", "a: b", "- a\n", "\n\n", "%", "@", "null", "(",
    ")", " and ", " or ", "not ", "\\", "append: true", "override: []", "values: [[a]]", "in (editors)",
    "priority: INFO\n",
)  # fmt: skip


def mutant(chance: random.Random) -> str:
    """A seed with up to eight changes: something put in, something taken out, something moved."""
    text = chance.choice(SEEDS) if chance.random() < 0.5 else "".join(chance.sample(SEEDS, 3))
    for _ in range(chance.choice((0, 1, 1, 2, 3, 8))):
        start, dice = chance.randrange(len(text) + 1), chance.random()
        if dice < 0.55:
            text = text[:start] + chance.choice(BITS) + text[start:]
        elif dice < 0.8:
            text = text[:start] + text[start + chance.choice((1, 1, 2, 6, 40)) :]
        else:
            piece, other = text[start : start + chance.randrange(90)], chance.randrange(len(text) + 1)
            text = text[:other] + piece + text[other:]
    return text
