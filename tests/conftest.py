"""What holds for all tests: the bytes of workbooks, no clock over properties, the demo park's pages in a browser."""

import os

os.environ["OPENPYXL_LXML"] = "False"  # before openpyxl is imported: the same bytes with and without lxml

from hypothesis import settings

from tests.pages import any_browser, opened, reports  # noqa: F401

settings.register_profile("untimed", deadline=None)  # a busy machine is no fault of a property
settings.load_profile("untimed")
