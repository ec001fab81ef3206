"""The playbook language: positioned YAML, checks, compile, match, explain. Pure: reads text, touches nothing."""
