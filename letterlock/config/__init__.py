"""Wiring: imports everyone, imported by no one."""
