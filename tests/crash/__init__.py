"""Leadline's own processes killed at random moments, and what must hold all the same."""
