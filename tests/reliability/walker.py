"""Kills a publisher with signal 9 before each of its steps, one after the other, and looks at what is left.

    python walker.py SCENARIO FOLDER [EVERY]

A step is a file opened for writing, synced, linked, renamed, exchanged or removed, or a folder made or removed.
Each walk is a process of its own, forked here so that nothing is imported twice. Prints JSON: steps, and faults found.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet  # noqa: F401  # before forking

sys.path.insert(0, str(Path(__file__).parents[1]))

from published import contents, put, stage_issue

from flows import inbox, staging
from pipeline import exchange, replace
from pipeline import publish as publishing
from pipeline.compact import compact
from pipeline.storage import View, steadily
from pipeline.verify import verify

A, B = "990100-2019-01", "990100-2019-02"
CHANGES = frozenset({"os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "shutil.copyfile"})


def staged(root: Path, name: str, *issue: Any, **changes: Any) -> Callable[[], None]:
    """What publishes an issue that is staged already: staging is no step of publishing."""
    folder = root.parent / "staged" / name
    supersedes = changes.pop("supersedes", ())
    stage_issue(folder, issue[0], issue[2], **changes)
    return lambda: publishing.publish(folder, root, *issue, supersedes=supersedes) and None


def first(root: Path) -> Callable[[], None]:
    return staged(root, "first", A, "99", 2019)


def again(root: Path) -> Callable[[], None]:
    """Another partition, tables gone, another version."""
    put(root, root.parent / "put", A, "99", None)
    return staged(root, "again", A, "99", 2019, tasks=False, version="0.0.2")


def another_id(root: Path) -> Callable[[], None]:
    put(root, root.parent / "put", "aaaaaaaaaaaa", "99", None)
    return staged(root, "other", A, "99", 2019, supersedes=["aaaaaaaaaaaa"])


def merging(root: Path) -> Callable[[], None]:
    for number, issue in enumerate((A, B)):
        put(root, root.parent / f"put{number}", issue, "99", 2019)
    return lambda: compact(root, 2020) and None


def out_of_merged(root: Path) -> Callable[[], None]:
    merging(root)()
    return staged(root, "out", A, "99", 2019, tasks=False, version="0.0.2")


def whole_run(root: Path) -> Callable[[], None]:
    """What the flow does with a file: its pages, the original kept in raw, the issue published."""
    raw, arrived = root / "raw", root.parent / "arrived"
    put(root, root.parent / "put", A, "99", 2019)
    arrived.mkdir()
    for words in ("earlier", "later"):
        (arrived / "a.md").write_text(words)
        digest = inbox._digest(arrived / "a.md")
        (arrived / "a.md.json").write_text(json.dumps({"gongbao-sidecar": 1, "sha256": digest, "title": words}))
        if words == "earlier":
            inbox.keep(inbox.Received(arrived / "a.md", digest), raw)
    publish, made = staged(root, "run", A, "99", 2019, version="0.0.2"), root.parent / "made"
    (made / "pages").mkdir(parents=True)
    for name in ("index.html", "pages/a.html"):
        (made / name).write_text("later")
        (root / "data_docs" / A / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "data_docs" / A / name).write_text("earlier")

    def run() -> None:
        folder = staging.folder(root, f"run-{os.getpid()}", 1)
        shutil.copytree(made, folder / staging.DATA_DOCS)
        staging.keep_data_docs(folder, root, A, held=False)
        inbox.keep(inbox.Received(arrived / "a.md", digest), raw)
        publish()
        staging.clean(root, f"run-{os.getpid()}")

    return run


SCENARIOS = {f.__name__: f for f in (first, again, another_id, merging, out_of_merged, whole_run)}


class _Steps:
    """Counts steps below a folder, and ends the process before one of them."""

    def __init__(self, root: Path, last: int) -> None:
        self.root, self.left = str(root), last

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        changes = event in CHANGES or (event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR))
        if changes and any(self.root in os.fsdecode(a) for a in arguments if isinstance(a, (str, bytes, Path))):
            self.step()

    def step(self, *_: Any) -> None:
        self.left -= 1
        if self.left < 0:
            os.kill(os.getpid(), signal.SIGKILL)


def walk(action: Callable[[], None], root: Path, last: int) -> bool:
    """Whether the action came to its end before the step."""
    child = os.fork()
    if child == 0:
        steps = _Steps(root, last)
        swap, os.fsync = exchange.swap, steps.step
        exchange.swap = staging.swap = lambda one, other: (steps.step(), swap(one, other))[1]
        sys.addaudithook(steps)
        action()
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def data(root: Path) -> dict[str, bytes]:
    """Tables, texts and manifests as a reader sees them who cannot write."""

    def read(view: View) -> dict[str, bytes]:
        folders = sorted({p.name for p in root.iterdir() if p.is_dir() and p.name[0] != "."} - {"raw", "data_docs"})
        return {name: view.read(name) for names in view.names(*folders) for name in names}

    recover, replace.recover = replace.recover, lambda _: None
    try:
        return steadily(root, read)
    finally:
        replace.recover = recover


def all_of(root: Path) -> dict[str, bytes]:
    return {name: content for name, content in contents(root).items() if not name.startswith(".staging")}


def main(scenario: str, folder: Path, every: int) -> dict[str, Any]:
    os.fsync = lambda _: None  # a killed process loses nothing that it has written; only power does
    root = folder / "curated"
    root.mkdir(parents=True)
    action = SCENARIOS[scenario](root)
    kept, faults = folder / "kept", []
    shutil.copytree(root, kept)
    before = data(root)
    assert walk(action, root, 1_000_000)
    after, whole = data(root), all_of(root)
    step, ended = 0, False
    while not ended:
        shutil.rmtree(root)
        shutil.copytree(kept, root)
        ended = walk(action, root, step)
        seen = data(root)
        if seen not in (before, after) or (ended and seen != after):
            faults.append(f"step {step}: neither before nor after")
        if step % 2:  # either somebody looks before the next run, or not
            replace.recover(root)
            if data(root) != seen:
                faults.append(f"step {step}: another state after recovery")
        walk(action, root, 1_000_000)
        found = verify(root)
        if found.kind is not None:
            faults.append(f"step {step}: {found.findings[:3]}")
        if all_of(root) != whole:
            faults.append(f"step {step}: other bytes after the next run")
        step += every
    return {"steps": step, "faults": faults}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)))
