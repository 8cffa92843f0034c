"""`python -m consult.cli`, as `consult develop` starts its processes."""

from consult.cli import main

main()
