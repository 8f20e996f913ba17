"""What the bureau circulates and files, as Word documents: annex 1 and the bulletin of each zone.

``package``: the empty document, its header, and how it is written. ``ink``: texts as WordprocessingML.
``grid``: any table of a report. ``annex``, ``bulletin``: the two documents.
Source  ANNEX-1, REDUCE-5, RESERVE-3
"""
