"""What a class has handed in: gathered, counted and shown on one page; and its predictions as
they come."""
