"""The demo park: made-up workbooks of three years, as the staff of a park would hand them in."""
