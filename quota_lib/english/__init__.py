"""The reports in English: the finished Chinese page, translated text by text from one catalogue of terms."""

from quota_lib.english.catalogue import load_catalogue
from quota_lib.english.page import english_page

__all__ = ["english_page", "load_catalogue"]
