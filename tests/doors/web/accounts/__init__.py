"""Tests of the account pages through their views."""
