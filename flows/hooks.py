"""What happens when a run fails: a line in the log, and a message to whoever listens at GONGBAO_WEBHOOK."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import httpx
from prefect.logging.loggers import flow_run_logger

from flows.masking import hide, masked

VARIABLE = "GONGBAO_WEBHOOK"
#: A Secret block of Prefect with the address, where the environment has none.
BLOCK = "gongbao-webhook"
_WAITS = (1.0, 4.0)  # seconds before the second and third attempt
_TIMEOUT = 10.0
_MOST = 100  # failures in a message
#: What failed in a run, by its id: hooks see the state alone.
_failures: dict[str, Sequence[Mapping[str, str]]] = {}


def remember(run_id: str, failures: Sequence[Mapping[str, str]]) -> None:
    """Keep what failed in a run for its hook."""
    _failures[run_id] = failures


def tell_failure(flow: Any, flow_run: Any, state: Any) -> None:
    """Log that a run failed and tell the webhook. Never raises: a hook must not make things worse."""
    logger = flow_run_logger(flow_run, flow)
    try:
        message = body(flow.name, flow_run, state)
        logger.error("%s %s: %s: %s", message["flow"], message["run"], message["state"], message["message"])
        address = _address()
        if address:
            hide(address)  # from the log of the client too
            fault = post(address, message)
            if fault:
                logger.error("the webhook (%s) was not told: %s", VARIABLE, fault)
    except Exception as error:
        with suppress(Exception):
            logger.error("the failure could not be told: %s", masked(f"{type(error).__name__}: {error}"))


def body(flow: str, flow_run: Any, state: Any) -> dict[str, Any]:
    """What is posted: flow, run, state and what failed, without secrets."""
    failures = _failures.pop(str(flow_run.id), ())
    return {
        "flow": flow,
        "run": flow_run.name,
        "run_id": str(flow_run.id),
        "deployment_id": str(flow_run.deployment_id) if flow_run.deployment_id else None,
        "state": state.name,
        "message": masked(" ".join((state.message or "").split()))[:1000],
        "failures": [{name: masked(value)[:500] for name, value in each.items()} for each in failures[:_MOST]],
        "failed": len(failures),
        "at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
    }


def post(address: str, message: Mapping[str, Any]) -> str | None:
    """Post as JSON, three times at most; why it failed, without the address, which is a secret itself."""
    fault = None
    for wait in (0.0, *_WAITS):
        time.sleep(wait)
        try:
            answer = httpx.post(address, json=message, timeout=_TIMEOUT, follow_redirects=False)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            fault = type(error).__name__
            continue
        if answer.is_success:
            return None
        fault = f"it answers {answer.status_code}"
        if answer.status_code < 500 and answer.status_code not in (408, 429):
            return fault
    return fault


def _address() -> str | None:
    address = os.environ.get(VARIABLE, "").strip()
    if address:
        return address
    from prefect.blocks.system import Secret

    try:
        return str(Secret.load(BLOCK).get()).strip() or None  # type: ignore[union-attr]
    except ValueError:  # there is none
        return None
