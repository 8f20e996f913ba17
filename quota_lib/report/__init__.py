"""What a run leaves: tables, pages, workbooks, annex 1 and the manifest."""
