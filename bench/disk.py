"""What a disk can do at most for a server that says only what is safe."""

import os
import pathlib
import tempfile
import time

PAGE = 4096
PAGES = 1000  # written round and round, as a write-ahead log is
SECONDS = 0.5


def syncs_per_second(folder):
    """How often in a second one page can be written there and be safe."""
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        descriptor = os.open(pathlib.Path(file.name), os.O_WRONLY)
        try:
            os.pwrite(descriptor, bytes(PAGE * PAGES), 0)
            os.fsync(descriptor)
            begin = time.monotonic()
            count = 0
            while (elapsed := time.monotonic() - begin) < SECONDS:
                os.pwrite(descriptor, os.urandom(PAGE), count % PAGES * PAGE)
                os.fdatasync(descriptor)
                count += 1
            return count / elapsed
        finally:
            os.close(descriptor)
