"""The nightly job: what is new in each source is fetched, ingested and published, and the run says what came of it.

It may be killed at any point and started again, run twice at once, and come late: what is to be done is read from
`raw/` and `curated/`, never from the run before.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, runtime, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed, Failed

from fetching import fetch as fetching
from fetching.errors import SourceError
from fetching.pace import Pace
from fetching.source import Source, load
from flows import apart, hooks, masking, staging
from flows.continuity import refresh_safely
from flows.environment import hush
from flows.inbox import Published
from flows.ingest import ingest
from flows.report import FlowError, Outcome, Progress
from flows.watched import Watched, WatchReport, markdown
from flows.watching import dataset, is_reserved, newest, source_files
from pipeline.corrections import FOLDER
from pipeline.published import is_dataset
from pipeline.storage import Location, shown

#: Where the run leaves its report for whoever called it in this process.
_told: ContextVar[list[WatchReport] | None] = ContextVar("told", default=None)
#: The dataset itself, where the caller has it: an address as a parameter shows no credentials, and so has none.
_dataset: ContextVar[Location | None] = ContextVar("dataset", default=None)
#: Sites of all sources of a run are asked at one pace.
_pace: ContextVar[Pace | None] = ContextVar("pace", default=None)


class _Known:
    """What is published, read again only after something was: with all the country in it that takes its time."""

    def __init__(self, curated: Location, corrections: Path) -> None:
        self.curated = curated
        self.corrections = corrections
        self.fresh: Published | None = None

    def read(self) -> Published:
        """SHA-256 of each source with its issue. Another run may publish meanwhile: the lock of the issue sees that."""
        from pipeline.publish import published

        if self.fresh is None:
            self.fresh = published(self.curated)
        return self.fresh


@task(task_run_name="fetch {path.stem}", cache_policy=NO_CACHE)
def fetch_source(path: Path, raw: Path) -> list[fetching.Outcome]:
    """Take what is new in a source into `raw`. It tries again itself where that may help."""
    return list(fetching.fetch(load(path), raw, pace=_pace.get()))


@flow(
    name="gongbao-watch",
    flow_run_name=lambda: f"watch {staging.new_run_id()}",
    validate_parameters=False,
    on_failure=[hooks.tell_failure],
    on_crashed=[hooks.tell_failure],
)
def watch(
    names: list[str] | None = None,
    sources: str = "sources",
    raw: str = "raw",
    curated: str = "curated",
    corrections: str = str(FOLDER),
) -> Any:
    """Fetch what is new in these sources (all in the folder `sources`), ingest it into `curated`, report.

    Fails where a source failed or a file was refused, after all others had their turn.
    """
    masking.mask_logs()
    run_id = staging.new_run_id()
    logger = get_run_logger()
    token = _pace.set(Pace())
    files = source_files(names, Path(sources))
    masking.learn(files, hooks.VARIABLE)
    done = [] if files else [Watched(Path(sources).name, fault=f"{sources}: no source file: gongbao source new NAME")]
    known = _Known(_dataset.get() or dataset(curated), Path(corrections))
    try:
        for path in files:
            one = _watched(path, Path(raw).absolute(), known, f"{run_id}-{len(done)}")
            logger.info("%s", one.line())
            for failure in one.failures():
                logger.error("%s: %s: %s", *failure.values())
            for change in one.changes:
                logger.info("new version: %s", change.line())
            done.append(one)
    finally:
        _pace.reset(token)
        apart.close()
        staging.clean(known.curated, run_id)
    # Also where nothing is new: a silence is noticed by the day.
    warnings = refresh_safely(known.curated, Path(sources), Path(raw)) if _is_there(known.curated) else ()
    return _end(WatchReport(run_id, tuple(done), tuple(map(masking.masked, warnings))))


def _is_there(curated: Location) -> bool:
    try:
        return is_dataset(curated)
    except OSError:  # an object store out of reach: each source has said so
        return False


def _watched(path: Path, raw: Path, known: _Known, run_id: str) -> Watched:
    """What became of one source; no exception leaves it, so that the others have their turn."""
    name = path.stem
    try:
        source = load(path)
        if is_reserved(source):
            return Watched(name, note="示例，未取 an example: its host cannot exist")
        fetched: list[fetching.Outcome] = fetch_source(path, raw)
    except SourceError as error:
        return Watched(name, fault="; ".join(error.faults))
    except OSError as error:
        return Watched(name, fault=f"{raw / name}: cannot be written: {error.strerror or error}")
    except Exception as error:
        return Watched(name, fault=f"a fault of gongbao, {type(error).__name__}: {_flat(error)}: report it")
    try:
        return Watched(name, tuple(fetched), *_ingested(source, raw, known, run_id))
    except Exception as error:
        return Watched(name, tuple(fetched), fault=f"could not be ingested, {type(error).__name__}: {_flat(error)}")


def _ingested(source: Source, raw: Path, known: _Known, run_id: str) -> tuple[tuple[Outcome, ...], int, int]:
    """What became of the source's files that are not published yet; how many are, and how many stay unreadable."""
    new = newest(raw / source.name, known.curated, known.read(), known.corrections)
    outcomes: list[Outcome] = []
    if new.todo:
        known.fresh = None
        try:
            outcomes = ingest(
                list(new.todo),
                known.curated,
                None,
                run_id,
                earlier=new.earlier,
                guarded=True,
                corrections=known.corrections,
            )
        finally:
            staging.clean(known.curated, run_id)
    return (*outcomes, *new.refused), new.published, new.unreadable


def _end(report: WatchReport) -> Any:
    """Leave the report for people, for the caller and for the hook; the state of the run."""
    logger = get_run_logger()
    for warning in report.warnings:
        logger.warning("%s", warning)
    create_markdown_artifact(masking.masked(markdown(report)), key="watch-summary", description=f"Run {report.run_id}")
    told = _told.get()
    if told is not None:
        told.append(report)
    failures = report.failures
    if not failures:
        return Completed(message=report.line())
    hooks.remember(str(runtime.flow_run.id), failures)
    return Failed(message=masking.masked(f"{len(failures)} failed: {report.line()}"))


def _flat(error: Exception) -> str:
    return masking.masked(" ".join(str(error).split()))[:300]


def run(
    names: Sequence[str] = (),
    *,
    sources: Path,
    raw: Path,
    curated: Location,
    corrections: Path = FOLDER,
    progress: Progress | None = None,
    debug: bool = False,
) -> WatchReport:
    """Watch once, now, in this process; what came of it. FlowError where Prefect cannot run."""
    from flows.ingest import progress_to

    told: list[WatchReport] = []
    token, where = _told.set(told), _dataset.set(curated)
    if not debug:
        hush()
    try:
        with progress_to(progress):
            state: Any = watch(
                list(names) or None, str(sources), str(raw), shown(curated), str(corrections), return_state=True
            )
    except RuntimeError as error:
        raise FlowError(f"Prefect could not run the flow: {_flat(error)}: run with --debug") from error
    finally:
        _told.reset(token)
        _dataset.reset(where)
    if not told:
        raise FlowError(f"the run did not come to its end: {masking.masked(str(state.message))}: run with --debug")
    return told[0]
