"""Terms of the regulation: at its first use in a page each gets its Chinese in brackets."""

from __future__ import annotations

import re
from collections.abc import Mapping


class Terms:
    """The terms that a page has not explained yet."""

    def __init__(self, terms: Mapping[str, str]) -> None:
        """Keep the terms, Chinese -> the forms of the English; words with the same forms are one term.

        Forms of one term are divided by |, two terms that one Chinese word may mean by ;.
        """
        self.words: dict[str, list[str]] = {}
        for chinese, meanings in terms.items():
            for forms in meanings.split(";"):
                self.words.setdefault(forms, []).append(chinese)
        self.of_form = {form.lower(): forms for forms in self.words for form in forms.split("|")}
        longest_first = sorted(self.of_form, key=lambda form: (-len(form), form))
        self.finder = re.compile(
            rf"\b({'|'.join(map(re.escape, longest_first))})(?:e?s)?\b(?!-\d)" if longest_first else "(?!)",
            re.IGNORECASE,
        )

    def explained(self, chinese: str, english: str) -> str:
        """Return a text with the Chinese of each term that it is the first to use.

        A term counts only where the Chinese of the text uses it too: English words have other meanings.
        """
        made, done = "", 0
        for found in self.finder.finditer(english):
            words = self.words.get(self.of_form[found[1].lower()], [])
            if any(word in chinese for word in words):
                made += f"{english[done : found.end()]} ({words[0]})"
                done = found.end()
                del self.words[self.of_form[found[1].lower()]]
        return made + english[done:]
