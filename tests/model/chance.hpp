#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

namespace coroom::model {

/// The random choices of a schedule. The seed determines all of them.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : generator_(seed) {}

  std::size_t below(std::size_t end) {
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(generator_);
  }
  bool percent(std::size_t of_hundred) { return below(100) < of_hundred; }

 private:
  std::mt19937_64 generator_;
};

}  // namespace coroom::model
