"""The demo park: made-up workbooks of three years, as the staff of a park would hand them in."""

import os

os.environ["OPENPYXL_LXML"] = "False"  # the bytes that openpyxl writes must not depend on a package that may be there
