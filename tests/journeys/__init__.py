"""Whole stories, told in a real browser against real processes, real stores and a real mail server."""
