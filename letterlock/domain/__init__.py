"""What the product is; each room imports only those below it."""
