"""One module for each way to run: `demo`, `production`, `test`; `base` holds what they share."""
