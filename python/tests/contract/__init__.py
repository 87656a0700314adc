"""What every public callable of the package promises, and the checks of it."""
