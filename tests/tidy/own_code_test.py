"""With the plugin clang-tidy finds what it finds without it: own_code_test.py CLANG_TIDY PLUGIN"""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

CLANG_TIDY, PLUGIN = sys.argv[1:3]
CONFIG = pathlib.Path(__file__).resolve().parents[2] / ".clang-tidy"

SOUND = """
#include <string>
#include <utility>
namespace coroom {
inline std::size_t size_of(std::string text) { return std::move(text).size(); }
}
"""
FAULTY = """
#include <string>
#include <utility>
namespace coroom {
struct wrong_case {};
inline std::size_t size_of(std::string text) {
  const std::string taken = std::move(text);
  return taken.size() + text.size();
}
template <class T> struct Holder { Holder(T value) : held(value) {} T held; };
}
"""


def checks_that_fire(source, *flags):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "source.cpp"
        path.write_text(source)
        done = subprocess.run([CLANG_TIDY, "-quiet", f"--config-file={CONFIG}", *flags, str(path), "--", "-std=c++20"],
                              capture_output=True, text=True)
    return done.returncode, sorted(re.findall(r"error: .*\[([\w-]+)", done.stdout))


class OwnCode(unittest.TestCase):
    WITH_PLUGIN = ("-load", PLUGIN, "--checks=coroom-own-code")

    def test_findings_stay(self):
        status, found = checks_that_fire(FAULTY, *self.WITH_PLUGIN)
        self.assertEqual((status, found), checks_that_fire(FAULTY))
        self.assertEqual(found, ["bugprone-use-after-move", "google-explicit-constructor", "readability-identifier-naming"])

    def test_sound_code_passes(self):
        self.assertEqual(checks_that_fire(SOUND, *self.WITH_PLUGIN), (0, []))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
