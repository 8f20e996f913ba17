"""The reserve (储备库), clause by clause: deposits, routes, decisions, recoveries, and the ledger that folds them."""
