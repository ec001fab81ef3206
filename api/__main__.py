"""`python -m api`: the command line where no script is installed."""

from api.cli import main

main(prog_name="leadline")
