#pragma once

#include "attack/honest_crowd.hpp"

#include <cstddef>
#include <string>

namespace coroom::test {

/// A row of the table that is printed after all scenarios.
struct ScenarioFigures {
  std::string scenario;
  Experience experience;
  std::size_t memory_before = 0;
  std::size_t memory_peak = 0;
  std::size_t memory_after = 0;
  double load_after = 0;  // part of a processor
};

void note(ScenarioFigures figures);

}  // namespace coroom::test
