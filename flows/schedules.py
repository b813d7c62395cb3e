"""What runs when: the one definition behind `gongbao serve`; `prefect.yaml` says the same to an own server.

Times are those of Beijing, at night: gazettes appear by day, and sites have room then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from pipeline.storage import Location, shown

TIMEZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Deployment:
    """A flow that is deployed: where it is, when it runs (null: by hand) and with which parameters."""

    name: str
    entrypoint: str
    words: str
    cron: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def module(self) -> str:
        """The module of its flow."""
        return self.entrypoint.partition(":")[0].removesuffix(".py").replace("/", ".")

    @property
    def is_there(self) -> bool:
        """Whether its flow can be imported."""
        return find_spec(self.module) is not None

    def flow(self) -> Any:
        """Its flow."""
        return getattr(import_module(self.module), self.entrypoint.partition(":")[2])

    def parameters_in(self, **folders: Location) -> dict[str, Any]:
        """Its parameters, with these folders (`sources`, `raw`, `curated`) in place of the usual ones."""
        found = {**self.parameters, **{name: shown(path) for name, path in folders.items() if name in self.parameters}}
        if "paths" in found and "raw" in folders:
            found["paths"] = [shown(folders["raw"])]
        return found


DEPLOYMENTS = (
    Deployment(
        "watch-daily",
        "flows/watch.py:watch",
        "取回并发布新公报 fetch and publish what is new",
        cron="30 2 * * *",
        parameters={"sources": "sources", "raw": "raw", "curated": "curated"},
    ),
    Deployment(
        "verify-weekly",
        "flows/verify.py:verify",
        "核验已发布数据 verify what is published",
        cron="30 5 * * 0",
        parameters={"curated": "curated"},
    ),
    Deployment(
        "backfill",
        "flows/backfill.py:backfill",
        "手动补录 backfill, by hand",
        parameters={"paths": ["raw"], "curated": "curated"},
    ),
)
