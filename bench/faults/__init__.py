"""Faults, hostile input and load: the rows of docs/reliability.md, measured by `python -m bench.faults`."""
