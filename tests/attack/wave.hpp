#pragma once

#include "attack/script.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace coroom::test {

/// Attackers of one kind, and how many of them there are at a time.
struct Wave {
  struct Part {
    AttackScript script;
    std::size_t count = 0;
  };

  std::string name;
  std::vector<Part> parts;

  /// The server sends away all but so many, who break no rule; none: it need not send anybody away.
  std::optional<std::size_t> who_may_stay = std::nullopt;
};

}  // namespace coroom::test
