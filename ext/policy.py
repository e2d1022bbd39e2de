"""Content security policies of pages: what they may load, and which of their own scripts run."""

from __future__ import annotations

import base64
import hashlib

from bs4 import BeautifulSoup, Tag


def _is_script(tag: Tag) -> bool:
    return tag.name == "script" and not tag.get("src") and "json" not in tag.get("type", "")


def policy_for(soup: BeautifulSoup, policy: str) -> Tag:
    """Return the element that puts a page under a policy.

    In place of ``{hashes}`` the policy names the scripts that stand in the page: no other runs.
    """
    hashes = {
        base64.b64encode(hashlib.sha256(script.string.encode()).digest()).decode()
        for script in soup.find_all(_is_script)
    }
    content = policy.format(hashes=" ".join(f"'sha256-{value}'" for value in sorted(hashes)))
    return soup.new_tag("meta", attrs={"http-equiv": "Content-Security-Policy", "content": content})
