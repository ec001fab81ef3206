"""The sample playbook and its cases, as text."""

from importlib.resources import files


def sample_playbook() -> str:
    """Return the YAML of the sample playbook."""
    return (files(__name__) / "playbook.yaml").read_text(encoding="utf-8")


def sample_cases() -> str:
    """Return the YAML of the sample playbook's cases."""
    return (files(__name__) / "playbook.cases.yaml").read_text(encoding="utf-8")
