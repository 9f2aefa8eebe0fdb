"""The customer base comes in: tables of any make, one row a customer or one row an order."""
