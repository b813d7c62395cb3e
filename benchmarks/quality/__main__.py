"""`python -m benchmarks.quality [--update]`; exit 1 when a layer of either gold dropped or a confirmed row is lost."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from benchmarks.quality import baseline, corrected, report
from benchmarks.quality.learn import cases as learned
from benchmarks.quality.learn import learn, toml
from benchmarks.quality.texts import ROOT, SHARED, at_hand, gold_texts
from benchmarks.quality.verdicts import Judged, judge

RELIABILITY = ROOT / "pipeline" / "rules" / "reliability.toml"


def main(arguments: Sequence[str]) -> int:
    """Compare with the baseline, or write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true", help="write baseline, reliability and docs/quality.md anew")
    given = parser.parse_args(arguments)
    if not at_hand():
        print(f"quality: skipped, {SHARED.name}/score.py and {SHARED.name}/corpus/ are not beside this checkout")
        return _corrections(())
    judged = [judge(text) for text in gold_texts()]
    now = baseline.measure(judged)
    kept = baseline.load() if baseline.PATH.is_file() else now
    _tell(kept, now, judged)
    lost = _corrections(judged)
    if given.update:
        baseline.save(now)
        RELIABILITY.write_text(toml(learn(learned(judged))), encoding="utf-8")
        report.write(now)
        print(
            "written: tests/gold/baseline.json, pipeline/rules/reliability.toml, docs/quality.md, docs/reliability.svg"
        )
        return 0
    fallen = baseline.drops(kept, now)
    print(*(f"dropped by more than {baseline.ALLOWED}: {line}" for line in fallen), sep="\n")
    return bool(fallen) or lost


def _corrections(judged: Sequence[Judged]) -> int:
    """What the parser makes of corrections/; 1 where it has lost a row that was confirmed."""
    for line in corrected.problems():
        print(line)
    cases = corrected.cases({j.text.bulletin.issue_id: j.text.bulletin for j in judged})
    for line in corrected.lines(cases):
        print(line)
    return int(corrected.lost(cases) > 0)


def _tell(kept: baseline.Data, now: baseline.Data, judged: Sequence[Judged]) -> None:
    for group, layers in now["groups"].items():
        print(f"\n{group} gold")
        for layer, figure in layers.items():
            before = kept["groups"].get(group, {}).get(layer, figure)["f1"]
            change = f"{figure['f1'] - before:+.4f}" if figure["f1"] != before else ""
            print(f"  {layer:<24}{figure['f1']:.4f}  n={figure['n']:<5}{change}")
    for one in judged:
        for sign, found in zip(("gained", "lost"), baseline.changes(kept, one), strict=True):
            for verdict in found:
                extra = " (not in the gold)" if verdict.extra else ""
                print(f"\n{sign}  {one.text.stem}  {verdict.where}\n  {verdict.layer}: {verdict.what}{extra}")
                print(f"  {baseline.sentence(one.text, verdict)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
