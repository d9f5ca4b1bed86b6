"""The pages people use: the Secure Message Center."""
