#pragma once

#include "attack/honest_crowd.hpp"

#include <cstddef>
#include <string>

namespace coroom::test {

/// One row of the table that is printed when all scenarios are done.
struct ScenarioFigures {
  std::string scenario;
  Experience experience;
  std::size_t memory_before = 0;
  std::size_t memory_peak = 0;
  std::size_t memory_after = 0;
  double load_after = 0;  // of a processor
};

void note(ScenarioFigures figures);

}  // namespace coroom::test
