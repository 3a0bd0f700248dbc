#!/usr/bin/env python3
"""Tests check-hardening.py with programs that lack one protection each: check_hardening_test.py COMPILER"""

import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
CHECK = HERE.parent.parent / "scripts/check-hardening.py"
FLAGS = ("-O2 -std=c++20 -fPIE -pie -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 "
         "-D_GLIBCXX_ASSERTIONS -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack").split()
COMPILER = sys.argv.pop(1)


class CheckHardening(unittest.TestCase):
    def check(self, *more_flags):
        """Returns the complaints about a program with these flags behind the usual ones, which they override."""
        with tempfile.TemporaryDirectory() as folder:
            program = pathlib.Path(folder) / "program"
            subprocess.run([COMPILER, *FLAGS, *more_flags, HERE / "program.cpp", "-o", program], check=True)
            return self.check_file(program)

    def check_library(self, *more_flags):
        with tempfile.TemporaryDirectory() as folder:
            part, library = pathlib.Path(folder) / "part.o", pathlib.Path(folder) / "library.a"
            flags = [flag for flag in FLAGS if flag != "-pie" and not flag.startswith("-Wl")]
            subprocess.run([COMPILER, *flags, *more_flags, "-c", HERE / "program.cpp", "-o", part], check=True)
            subprocess.run(["ar", "rcs", library, part], check=True)
            return self.check_file(library)

    def check_file(self, file):
        done = subprocess.run([CHECK, file], capture_output=True, text=True)
        self.assertEqual(done.returncode != 0, done.stderr != "")
        return done.stderr.splitlines()

    def assert_complaint(self, what, *more_flags):
        complaints = self.check(*more_flags)
        self.assertEqual(len(complaints), 1, complaints)
        self.assertIn(what, complaints[0])

    def test_accepts_a_program_with_all_protections(self):
        self.assertEqual(self.check(), [])

    def test_names_a_missing_protection(self):
        self.assert_complaint("position-independent code", "-fno-pie", "-no-pie")
        self.assert_complaint("RELRO", "-Wl,-z,norelro")
        self.assert_complaint("BIND_NOW", "-Wl,-z,lazy")
        self.assert_complaint("a stack that holds no code", "-Wl,-z,execstack")
        self.assert_complaint("the stack protector", "-fno-stack-protector")
        self.assert_complaint("checked calls of libc", "-U_FORTIFY_SOURCE")
        self.assert_complaint("checks of libstdc++", "-U_GLIBCXX_ASSERTIONS")

    def test_names_all_missing_protections(self):
        self.assertEqual(len(self.check("-Wl,-z,lazy", "-fno-stack-protector")), 2)

    def test_checks_the_objects_of_a_library(self):
        self.assertEqual(self.check_library(), [])
        self.assertEqual(len(self.check_library("-fno-stack-protector")), 1)

    def test_fails_on_a_file_that_is_not_a_program(self):
        done = subprocess.run([CHECK, __file__], capture_output=True, text=True)
        self.assertNotEqual(done.returncode, 0)


if __name__ == "__main__":
    unittest.main()
