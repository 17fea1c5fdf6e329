"""The sample edition as plain files; its school level is synthetic, and its manifest and every row say so.

Made by `python -m tests.tools.sample_generator`; a test holds the files to the generator.
"""

from pathlib import Path

FILES = Path(__file__).parent / "files"
"""Publishers' files as host/path, with `manifest.csv`."""
REGISTER = Path(__file__).parent / "register"
"""Made-up rows of register tables."""
