#include "model/schedule.hpp"
#include "model/tally.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <thread>
#include <vector>

namespace coroom::model {
namespace {

/// Returns the number in an environment variable, or `otherwise`.
std::uint64_t number(const char* variable, std::uint64_t otherwise) {
  const char* value = std::getenv(variable);
  return value != nullptr ? std::strtoull(value, nullptr, 10) : otherwise;
}

// COROOM_SEED is the first seed, COROOM_SCHEDULES the number of schedules.
TEST(Rooms, LosesNothingInAnySchedule) {
  const std::uint64_t first = number("COROOM_SEED", std::random_device{}());
  const std::uint64_t count = number("COROOM_SCHEDULES", 100'000);
  std::cout << count << " schedules from seed " << first << std::endl;
  std::atomic<std::uint64_t> next = 0;
  std::atomic<bool> failed = false;
  const auto play_some = [&] {
    for (std::uint64_t index = next++; index < count && !failed; index = next++) {
      const std::string wrong = play(first + index);
      if (wrong.empty()) continue;
      failed = true;
      ADD_FAILURE() << wrong << "; again with COROOM_SEED=" << first + index << " COROOM_SCHEDULES=1";
    }
  };
  std::vector<std::jthread> threads;
  for (unsigned thread = 0; thread != std::max(1U, std::thread::hardware_concurrency()); ++thread)
    threads.emplace_back(play_some);
  threads.clear();
  for (const auto& [what, times] :
       {std::pair("delivered", &tally.delivered), std::pair("acknowledged", &tally.acknowledged),
        std::pair("rejected", &tally.rejected), std::pair("recovered", &tally.recovered),
        std::pair("unrecovered", &tally.unrecovered), std::pair("present", &tally.present),
        std::pair("crashes", &tally.crashes)}) {
    std::cout << what << ' ' << *times << std::endl;
    EXPECT_GT(*times, count / 10) << what << " too rarely to prove anything";
  }
}

}  // namespace
}  // namespace coroom::model
