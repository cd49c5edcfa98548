"""Its browser and its server end with its last test: no other test runs beside them."""
