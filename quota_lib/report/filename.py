"""Names of files that come from names in the data."""

from __future__ import annotations


def safe_name(text: str) -> str:
    """Return text as a file name: every character but letters, digits and ``-_.`` as %XX of its UTF-8.

    Source  contract §5

    >>> safe_name("JS-2025/001 甲")
    'JS-2025%2F001%20甲'
    """
    return "".join(c if c.isalpha() or c.isdecimal() or c in "-_." else _percent(c) for c in text)


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))
