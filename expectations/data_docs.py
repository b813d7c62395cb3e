"""Data Docs: the pages of Great Expectations about one issue, to be read from disk."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from expectations.engine import Engine

_SITE = "issue"


def build(engine: Engine, folder: Path) -> Path:
    """Write the pages of everything that `engine` validated into `folder`; the start page.

    The pages carry the time of the run, so they are no part of the published tables.
    They take styles from the network; without it they are plain but whole.
    """
    shutil.rmtree(folder, ignore_errors=True)
    store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)}
    index = {"class_name": "DefaultSiteIndexBuilder"}
    site = {"class_name": "SiteBuilder", "show_how_to_buttons": False, "store_backend": store}
    engine.context.add_data_docs_site(_SITE, {**site, "site_index_builder": index})
    engine.context.build_data_docs(site_names=[_SITE])
    # Pictures for the how-to buttons that are off: 3 MB for each issue.
    shutil.rmtree(folder / "static" / "images", ignore_errors=True)
    return folder / "index.html"
