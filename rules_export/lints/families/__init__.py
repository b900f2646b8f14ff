"""The lints of the studio, a module for each family; importing one registers its lints."""
