"""Addresses as they may be shown: without what is secret in them."""

from __future__ import annotations

import re

_SECRET = re.compile(r"(?i)(?:token|passw|passwd|pwd|secret|key|sign|signature|auth|credential|session|ticket|jwt|sig)")
_USERINFO = re.compile(r"(?i)(\b[a-z][a-z0-9+.-]{0,20}://)[^/?#\s@]{0,400}@")
_PARAMETER = re.compile(r"([?&;])([^=&;#\s]{1,80})=([^&;#\s]{1,2000})")


def masked(text: str) -> str:
    """The text (an address, a message with one) with *** for user names, passwords and secret parameters."""
    text = _USERINFO.sub(r"\1***@", text)
    return _PARAMETER.sub(lambda m: f"{m[1]}{m[2]}=***" if _SECRET.search(m[2]) else m[0], text)
