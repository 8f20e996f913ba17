"""Accounting for pollution discharge quotas: from the workbooks staff hand in to reports that can be recomputed."""

__version__ = "0.1.0"
