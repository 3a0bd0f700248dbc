#pragma once

#include <cstdio>
#include <cstdlib>
#include <source_location>

namespace coroom::fuzz {

/// Aborts the program unless `holds`, which makes the input a finding. `what` describes the condition.
inline void require(bool holds, const char* what,
                    const std::source_location& at = std::source_location::current()) {
  if (holds) return;
  std::fprintf(stderr, "%s:%u: does not hold: %s\n", at.file_name(), static_cast<unsigned>(at.line()), what);
  std::abort();
}

}  // namespace coroom::fuzz
