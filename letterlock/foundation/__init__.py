"""What the product stands on; knows no product noun."""
