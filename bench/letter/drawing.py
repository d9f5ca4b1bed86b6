def draw(report, *, to): pass
