"""What the loader costs: three rules files of together 4,500 lines in a cold process, and one edited rule among 1,000.

Beside the cold run the bare interpreter is timed, and the ratio is printed. Exit status 1 where a promise is broken.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COLD_LIMIT_MS, EDIT_LIMIT_MS, RUNS = 250.0, 10.0, 9

MACRO = """- macro: kind_{n}
  condition: >
    evt.type in (execve, execveat) and evt.res = SUCCESS
    and not proc.pname in (helpers_{n})

"""
LIST = """- list: helpers_{n}
  items: [helper_{n}, "helper two {n}", cron, systemd, sshd]

"""
RULE = """- rule: Tool number {n} is started by an unusual parent
  desc: >
    Somebody starts tool {n} from a program that has no business with it. Tune it by adding helpers to the list.
  condition: >
    kind_{m} and proc.name in (tool_{n}, "tool {n}", tool-{n})
    and (proc.args contains "--force" or proc.cmdline startswith "tool_{n} -x" or fd.name pmatch (/etc, /usr/lib/{n}))
    and not user.name in (root, service_{n})
    and proc.aname[2] != "supervisor-{n}"
  output: Unusual start of tool {n} | user=%user.name parent=%proc.pname command=%proc.cmdline file=%fd.name
  priority: WARNING
  tags: [maturity_sandbox, host, container, process, mitre_execution, T1059]
  exceptions:
    - name: known_pairs
      fields: [proc.pname, user.name]
      values:
        - [deploy_{n}, ci]
        - [build_{n}, ci]

"""


def rules_file(first: int, rules: int) -> str:
    """A file of `rules` rules with a macro and a list for every tenth."""
    text = []
    for number in range(first, first + rules):
        if number % 10 == 0:
            text += [LIST.format(n=number), MACRO.format(n=number)]
        text.append(RULE.format(n=number, m=number - number % 10))
    return "".join(text)


def cold(command: list[str]) -> float:
    """The fastest of several whole processes, in milliseconds: the machine is shared, and only noise adds."""
    took = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        took.append((time.perf_counter() - begun) * 1000)
    return min(took)


def edited() -> float:
    """The 95th percentile of checking one rule as somebody types it, against 1,000 loaded rules, in milliseconds."""
    from rules_export.verdict import RuleChecker, load_ruleset

    ruleset, verdict = load_ruleset([("rules.yaml", rules_file(0, 1000))])
    if verdict.exit_code:
        raise SystemExit("the generated rules do not load")
    checker = RuleChecker(ruleset)
    took = []
    for number in range(300):
        rule = ruleset.rules[number % 1000]
        changed = replace(rule, condition=f"{rule.condition.strip()} and proc.pid != {number}")
        begun = time.perf_counter()
        checker.check(changed)
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.quantiles(took, n=20)[-1]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        files, lines = [], 0
        for number in range(3):
            path = Path(folder, f"rules_{number}.yaml")
            text = rules_file(number * 80, 80)
            path.write_text(text)
            files.append(str(path))
            lines += text.count("\n")
        bare = cold([sys.executable, "-c", "pass"])
        whole = cold([sys.executable, "-m", "rules_export", "validate", *files])
    edit = edited()
    print(f"validate, 3 files, {lines} lines, cold: {whole:.0f} ms ({whole / bare:.1f} times the bare interpreter)")
    print(f"one edited rule against 1,000 rules: {edit:.2f} ms at the 95th percentile")
    return int(whole > COLD_LIMIT_MS or edit > EDIT_LIMIT_MS)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    raise SystemExit(main())
