"""A sound behaviour of a team, to begin stories with."""

from __future__ import annotations

from typing import Any

import yaml

TEXT = """\
id: t1490-snapctl
techniques: [T1490]
title: Delete our snapshots
group: Ours
does: Deletes the snapshots of our appliance.
why: They are our way back.
kernel: execve snapctl delete …
clause: spawned_process and proc.name = snapctl and proc.args contains $verb
parameters:
  - name: verb
    kind: text
    default: delete
noise: low
lookalikes:
  - who: The rotation
    exception: {name: rotation, fields: [proc.pname], comps: [in], values: [[[rotate]]]}
    event: {run: snapctl delete old, parent: rotate}
attack:
  - name: Delete one
    run: snapctl delete --all
benign:
  - name: List them
    run: snapctl list
emulate: cp /bin/true "$TMPDIR/snapctl" && "$TMPDIR/snapctl" delete
"""


def record(**changed: Any) -> dict[str, Any]:
    return {**yaml.safe_load(TEXT), **changed}
