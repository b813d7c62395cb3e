"""The published dataset as static pages that open from disk: `gongbao site`, `gongbao serve-site`."""

from __future__ import annotations

from website.build import Built, SiteError, build

__all__ = ["Built", "SiteError", "build"]
