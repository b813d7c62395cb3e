"""Which files a run takes: folders expanded, what is published already left out."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from flows.environment import cache_folder
from flows.report import Outcome
from flows.staging import STAGING
from pipeline import __version__, sidecar
from pipeline.corrections import FOLDER
from pipeline.sidecar import EARLIER
from pipeline.storage import Location, Place, place, shown


@dataclass(frozen=True, slots=True)
class Received:
    """A file to be ingested."""

    path: Path
    sha256: str
    formerly: str | None = None  # issue_id under which the same bytes are published
    origin: str | None = None  # address that it was copied to `path` from

    @property
    def shown(self) -> str:
        """What the user knows it by."""
        return self.origin or str(self.path)


@dataclass(frozen=True, slots=True)
class _Found:
    """A file that was named, or is in a folder that was."""

    root: Place
    name: str  # in `root`

    @property
    def shown(self) -> str:
        return str(self.root.path / self.name) if self.root.path else f"{self.root}/{self.name}"

    def digest(self) -> str:
        """SHA-256 of its bytes. OSError where it cannot be read."""
        if self.root.path is None:
            return hashlib.sha256(self.root.read(self.name)).hexdigest()
        return _digest(self.root.path / self.name)

    def received(self, digest: str, formerly: str | None) -> Received:
        """The file on this machine's disk: where it is, or a copy of it and of the record beside it."""
        if self.root.path is not None:
            return Received(self.root.path / self.name, digest, formerly)
        (cache_folder() / STAGING).mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=cache_folder() / STAGING, prefix="inbox-"))
        copy = folder / PurePosixPath(self.name).name
        copy.write_bytes(self.root.read(self.name))
        beside = self.name + sidecar.SUFFIX
        if self.root.exists(beside):
            sidecar.path_of(copy).write_bytes(self.root.read(beside))
        return Received(copy, digest, formerly, self.shown)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done, and what is settled without doing anything."""

    todo: tuple[Received, ...]
    outcomes: tuple[Outcome, ...]


#: SHA-256 of a source → (issue_id, parser_version), of all that is published.
Published = Mapping[str, tuple[str, str]]


def plan(
    paths: Iterable[Location],
    curated: Location,
    *,
    again: bool = False,
    known: Published | None = None,
    corrections: Path = FOLDER,
) -> Plan:
    """Files to ingest, in the order given, folders sorted by name.

    Skipped are bytes that this version of the parser has published with the same corrections (unless `again`) and
    bytes that come twice; refused are paths that cannot be read. What an address leads to is copied
    (`discard` when done). `known` is what is published, where the caller has it. Imports neither Prefect nor, for
    paths, Arrow.
    """
    from pipeline.published import corrections_of, published

    known, applied = published(curated) if known is None else known, corrections_of(curated)
    todo: dict[str, Received] = {}
    settled = []
    for found in _expanded(paths):
        try:
            digest = found.digest()
        except OSError as error:
            why = error.strerror or (str(error) if found.root.path is None else type(error).__name__)
            settled.append(Outcome(found.shown, "refused", reason=f"cannot be read ({why}): check the path"))
            continue
        issue_id, version = known.get(digest, (None, None))
        if digest in todo:
            settled.append(Outcome(found.shown, "skipped", reason=f"the same bytes as {todo[digest].shown}"))
        elif version == __version__ and not again and as_corrected(issue_id, applied.get(issue_id or ""), corrections):
            reason = f"already published by parser {version}"
            settled.append(Outcome(found.shown, "skipped", issue_id, reason))
        else:
            todo[digest] = found.received(digest, issue_id)
    return Plan(tuple(todo.values()), tuple(settled))


def discard(planned: Plan) -> None:
    """Remove the copies of what came from an address."""
    for received in planned.todo:
        if received.origin is not None:
            shutil.rmtree(received.path.parent, ignore_errors=True)


def as_corrected(issue_id: str | None, applied: str | None, corrections: Path) -> bool:
    """Whether the digest of what was applied to an issue is that of its corrections now; no folder says nothing."""
    from pipeline.corrections.store import digest, load

    if issue_id is None or not corrections.is_dir():
        return True
    return applied == digest(load(corrections, issue_id).corrections)


def settled_meanwhile(curated: Location, received: Received, corrections: Path = FOLDER) -> Outcome | None:
    """The outcome of a file that another run has changed or published since it was planned; null for others."""
    from pipeline.published import correction_of, published

    issue_id, version = published(curated).get(received.sha256, (None, None))
    if version == __version__ and as_corrected(issue_id, correction_of(curated, issue_id or ""), corrections):
        return Outcome(received.shown, "skipped", issue_id, "another run has published it meanwhile")
    try:
        same = _digest(received.path) == received.sha256
    except OSError:
        same = False
    return None if same else Outcome(received.shown, "skipped", reason="it has changed: the next run takes it")


def _expanded(paths: Iterable[Location]) -> Iterator[_Found]:
    """Files as they are; folders as the files and links in them, without hidden ones; no sidecars."""
    for each in paths:
        root = place(each)
        if root.path is None:
            yield from _remote(root)
        elif root.path.is_dir():
            files = (p for p in sorted(root.path.rglob("*")) if p.is_file() or _is_dangling(p))
            names = (PurePosixPath(p.relative_to(root.path).as_posix()) for p in files)
            yield from (_Found(root, str(n)) for n in names if _is_bulletin(n, sidecar.is_sidecar(root.path / n)))
        elif not sidecar.is_sidecar(root.path):  # a shell names them too, for raw/source/*
            yield _Found(place(root.path.parent), root.path.name)


def _remote(root: Place) -> Iterator[_Found]:
    from pipeline.storage.remote import RemotePlace

    assert isinstance(root, RemotePlace)
    names = root.names("")
    if not names:  # a file, or nothing, which is refused when it is read
        parent, name = root.parent()
        yield _Found(parent, name)
    present = set(names)
    for name in names:
        if _is_bulletin(PurePosixPath(name), name.removesuffix(sidecar.SUFFIX) in present - {name}):
            yield _Found(root, name)


def _is_dangling(path: Path) -> bool:
    """A link to nothing, which is to be refused, not passed over."""
    return path.is_symlink() and not path.exists()


def _is_bulletin(name: PurePosixPath, is_sidecar: bool) -> bool:
    hidden = any(part.startswith(".") for part in name.parts)
    return not (hidden or is_sidecar or name.name == "README.md")


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def keep(received: Received, raw: Location) -> None:
    """Copy bytes and sidecar into `raw` under their name; other bytes of that name move to `raw/.earlier`."""
    root, name = place(raw), received.path.name
    if _is_in(received, root):
        return
    present = root.read(name) if root.exists(name) else None
    if present is not None and hashlib.sha256(present).hexdigest() != received.sha256:
        _put_aside(root, name, present)
        present = None
    if present is None:
        root.write(name, received.path.read_bytes())
    beside = name + sidecar.SUFFIX
    if sidecar.load(received.path, received.sha256) and (present is None or not root.exists(beside)):
        root.write(beside, sidecar.path_of(received.path).read_bytes())


def _is_in(received: Received, root: Place) -> bool:
    if root.path is None:
        return received.origin is not None and received.origin.startswith(f"{shown(root)}/")
    return received.origin is None and root.path.resolve() in received.path.resolve().parents


def _put_aside(root: Place, name: str, content: bytes) -> None:
    """The record first: a run that dies after it finds the file still there, and goes on."""
    earlier = f"{EARLIER}/{hashlib.sha256(content).hexdigest()[:12]}-{name}"
    beside = name + sidecar.SUFFIX
    if root.exists(beside):
        root.write(earlier + sidecar.SUFFIX, root.read(beside))
        root.delete(beside)
    root.write(earlier, content)
    root.delete(name)
