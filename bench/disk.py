"""The limit of a disk for a server that acknowledges only durable publications."""

import os
import pathlib
import tempfile
import time

PAGE = 4096
PAGES = 1000  # overwritten in a circle, like a write-ahead log
SECONDS = 0.5


def syncs_per_second(folder):
    """Returns how many times a second one page can be written durably in this folder."""
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
