"""Letterlock: an open, self-hosted secure-messaging platform."""
