"""Before any test imports openpyxl: it writes the same bytes with and without lxml, which another package may bring."""

import os

os.environ["OPENPYXL_LXML"] = "False"
