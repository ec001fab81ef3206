"""The HTTP doors, one module for each thing that is asked for."""
