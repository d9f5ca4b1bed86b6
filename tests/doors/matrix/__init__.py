"""The access matrix: every address and method, asked for by everybody.

`expectations` is the table, `walking` reads the addresses from the program itself, `world` is what there is to be
reached, `asking` asks and judges, `page` writes `docs/access-matrix.md`: run `python -m tests.doors.matrix`.
"""
