"""Runs every Python file of a folder, each as a program of its own, and reports all that fail."""
import pathlib
import runpy
import sys
import traceback

files = sorted(pathlib.Path(sys.argv[1]).glob("*.py"))
failed = []
for file in files:
    try:
        runpy.run_path(str(file))
    except Exception:  # pylint: disable=broad-except
        traceback.print_exc()
        failed.append(file.name)
print(f"{len(files) - len(failed)} of {len(files)} blocks of the documentation run in Python")
sys.exit(f"these do not: {', '.join(failed)}" if failed or not files else 0)
