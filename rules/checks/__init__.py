"""Checks across a playbook: cycles, conditions that cannot hold, routes that are never reached."""
