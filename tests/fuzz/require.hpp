#pragma once

#include <cstdio>
#include <cstdlib>
#include <source_location>

namespace coroom::fuzz {

/// Ends the program, which makes the input a finding, unless `holds`; `what` says what should.
inline void require(bool holds, const char* what,
                    const std::source_location& at = std::source_location::current()) {
  if (holds) return;
  std::fprintf(stderr, "%s:%u: not so: %s\n", at.file_name(), static_cast<unsigned>(at.line()), what);
  std::abort();
}

}  // namespace coroom::fuzz
