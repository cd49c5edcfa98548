"""A child process computes and the parent waits for it."""

import subprocess
import sys

CODE = "total = 0\nfor number in range(20_000_000): total += number"
subprocess.run([sys.executable, "-c", CODE], check=True)
