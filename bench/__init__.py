"""Benchmarks: each is one command of `bin/bench`, one page and one file of results."""
