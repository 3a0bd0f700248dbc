#include "attack/figures.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <utility>
#include <vector>

namespace coroom::test {
namespace {

double mebibytes(std::size_t bytes) {
  return static_cast<double>(bytes) / (1 << 20);
}

class Table final : public testing::Environment {
 public:
  void add(ScenarioFigures figures) { rows_.push_back(std::move(figures)); }

  void TearDown() override {
    if (rows_.empty()) return;
    std::printf("%-52s %8s %6s %6s %6s %7s %7s %8s %8s %8s %6s\n", "scenario", "messages", "p50ms", "p99ms",
                "max ms", "dropped", "missed", "MiB was", "peak", "after", "CPU %");
    for (const ScenarioFigures& row : rows_) {
      const Experience& seen = row.experience;
      std::printf("%-52s %8zu %6lld %6lld %6lld %7zu %7zu %8.1f %8.1f %8.1f %6.1f\n", row.scenario.c_str(),
                  seen.messages, static_cast<long long>(seen.p50.count()),
                  static_cast<long long>(seen.p99.count()), static_cast<long long>(seen.longest.count()),
                  seen.dropped, seen.missed, mebibytes(row.memory_before), mebibytes(row.memory_peak),
                  mebibytes(row.memory_after), row.load_after * 100);
    }
  }

 private:
  std::vector<ScenarioFigures> rows_;
};

// googletest owns it until the end of the process.
Table& table = *static_cast<Table*>(testing::AddGlobalTestEnvironment(new Table));

}  // namespace

void note(ScenarioFigures figures) {
  table.add(std::move(figures));
}

}  // namespace coroom::test
