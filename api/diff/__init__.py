"""Two playbooks compared by what they make of the same leads: `leadline playbook diff` and its door."""
