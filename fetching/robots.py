"""robots.txt as RFC 9309 has it: none there, all allowed; server in trouble, nothing."""

from __future__ import annotations

from urllib.robotparser import RobotFileParser

#: What a robots.txt may ask for between two requests, in seconds; sites have typing errors.
LONGEST_DELAY = 60.0
LARGEST = 512 * 1024


def rules(content: bytes) -> RobotFileParser:
    """The rules in a robots.txt; an error page in its place has none."""
    parser = RobotFileParser()
    parser.parse(content.decode("utf-8-sig", "replace").splitlines())
    return parser


def all_allowed() -> RobotFileParser:
    """No rules."""
    return rules(b"")


def delay(parser: RobotFileParser, agent: str) -> float:
    """Seconds between two requests that the rules ask for."""
    asked = parser.crawl_delay(agent)
    try:
        return min(float(asked or 0), LONGEST_DELAY)
    except ValueError:
        return 0.0
