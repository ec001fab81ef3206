"""Long jobs: what each kind does, in a process of its own, and how workers see to it that each is done."""
