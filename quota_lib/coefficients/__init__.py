"""Coefficient tables of the accounting methods, by edition: collection, removal, generation.

A file of ``parameters/`` with ``editions:`` at its margin is such a table.  A coefficient is
found under its table, word, factor and unit, in the one edition that is in force on a day;
what that edition lacks is lacking, and no other edition is asked instead.

Source  REDUCE-2
"""

from quota_lib.coefficients.asking import Coefficients
from quota_lib.coefficients.reading import TRIAL
from quota_lib.coefficients.table import PERCENT, Coefficient, CoefficientError, Edition, Table, Word

__all__ = ["PERCENT", "TRIAL", "Coefficient", "CoefficientError", "Coefficients", "Edition", "Table", "Word"]
