#pragma once

#include <cstddef>

namespace coroom::test {

/// The heap of this process: every malloc() of the program, including those of libraries.
struct Allocated {
  std::size_t bytes = 0;   ///< by the usable size of the blocks
  std::size_t blocks = 0;  ///< that are not freed

  friend bool operator==(const Allocated&, const Allocated&) = default;
};

Allocated allocated();

/// Returns the heap once it has been constant for a moment.
Allocated settled();

}  // namespace coroom::test
