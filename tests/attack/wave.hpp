#pragma once

#include "attack/script.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace coroom::test {

/// Attackers of one kind and their number.
struct Wave {
  struct Part {
    AttackScript script;
    std::size_t count = 0;
  };

  std::string name;
  std::vector<Part> parts;

  /// The number of attackers that break no rule and may stay. If unset, all may stay.
  std::optional<std::size_t> may_stay = std::nullopt;
};

}  // namespace coroom::test
