#include "attack/siege.hpp"

#include "attack/figures.hpp"

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace coroom::test {
namespace {

constexpr std::chrono::seconds warm_up{2};
constexpr std::chrono::seconds patience{15};

}  // namespace

bool attack_is_long() {
  const char* chosen = std::getenv("COROOM_ATTACK");
  return chosen != nullptr && std::string_view(chosen) == "long";
}

Siege::~Siege() {
  log_reader_ = {};
}

void Siege::begin(std::vector<std::string> flags, const std::vector<std::string>& environment,
                  const std::string& rooms) {
  raise_file_limit();
  checks_times_ = false;
  flags.insert(flags.begin(), {"--port=0", "--threads=2", "--drain-timeout=200ms"});
  server_ = std::make_unique<Process>(flags, environment);
  port_ = server_->wait_for_port();
  start_log_reader();
  honest_ = std::make_unique<HonestCrowd>(port_, rooms);
  honest_->join();
  neighbours_ = std::make_unique<Neighbours>(std::vector{getpid(), server_->id()});
  honest_->start();
  std::this_thread::sleep_for(warm_up);  // a new server has not touched all of its memory
  vitals().forget_peak();
  memory_before_ = vitals().memory();
  files_before_ = vitals().open_files();
}

void Siege::run_waves(const std::vector<Wave>& waves, const std::vector<std::string>& flags,
                      double connections_a_second, std::chrono::milliseconds time) {
  const auto attack = [&](const std::vector<Wave>& at_once, const std::string& name) {
    begin(flags);
    Swarm swarm(port(), connections_a_second);
    for (const Wave& wave : at_once) {
      for (const Wave::Part& part : wave.parts) swarm.add(part.script, part.count);
    }
    swarm.run_for(time);
    EXPECT_GT(swarm.connected(), 0);
    expect_disconnected(at_once, swarm);
    end_attack(swarm);
    end(name);
  };
  if (!attack_is_long()) return attack(waves, "");
  for (const Wave& wave : waves) attack({wave}, wave.name);
}

void Siege::expect_disconnected(const std::vector<Wave>& waves, Swarm& swarm) const {
  std::size_t may_stay = files_before_;
  for (const Wave& wave : waves) {
    if (!wave.may_stay) return;
    may_stay += *wave.may_stay;
  }
  const auto end = MonotonicClock::now() + patience;
  while (vitals().open_files() > may_stay && MonotonicClock::now() < end)
    swarm.run_for(std::chrono::milliseconds(50));
  EXPECT_LE(vitals().open_files(), may_stay);
}

void Siege::end_attack(Swarm& swarm) {
  most_attackers_ = swarm.most_open();
  swarm.print();
  swarm.drop_all();
}

void Siege::end(const std::string& scenario) {
  EXPECT_TRUE(wait_for([this] { return vitals().open_files() <= files_before_; }, patience))
      << vitals().open_files() << " file descriptors, and " << files_before_ << " before";
  const auto bound = static_cast<std::size_t>(static_cast<double>(memory_before_) * (1 + kept_part)) +
                     kept_bytes + kept_of_connection * most_attackers_;
  wait_for([&] { return vitals().memory() <= bound; }, patience);
  ScenarioFigures figures;
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  figures.scenario =
      std::string(test->test_suite_name()) + ": " + (scenario.empty() ? test->name() : scenario);
  figures.memory_before = memory_before_;
  figures.memory_peak = vitals().peak_memory();
  figures.memory_after = vitals().memory();
  figures.experience = honest_->stop();
  check_latencies(figures.experience);
  figures.load_after = vitals().load();
  note(figures);

  const Experience& seen = figures.experience;
  EXPECT_EQ(seen.dropped, 0);
  EXPECT_EQ(seen.missed, 0);
  for (const std::string& fault : seen.faults) ADD_FAILURE() << "an honest client: " << fault;
  EXPECT_LE(figures.memory_after, bound) << "it had " << memory_before_ << " bytes before";
  EXPECT_LT(figures.load_after, idle_load);

  stop();
}

/// Attacks of full size need a machine without other work.
void Siege::check_latencies(const Experience& seen) {
  const double taken = neighbours_->share();
  if (taken > quiet_neighbours && !attack_is_long()) {
    std::cout << "other processes had " << taken * 100 << " % of the machine: latencies are not checked\n";
    return;
  }
  checks_times_ = true;
  EXPECT_LT(seen.p99, longest_p99) << "of " << seen.messages << " messages; other processes had "
                                   << taken * 100 << " % of the machine";
}

/// The server logs slow turns.
void Siege::check_turns() const {
  const std::string& log = server_->output();
  for (std::size_t at = log.find("slow turn"); at != std::string::npos; at = log.find("slow turn", at + 1)) {
    const std::string line = log.substr(at, log.find('\n', at) - at);
    std::cout << line << '\n';
    const std::size_t took = line.find(" ms=");
    ASSERT_NE(took, std::string::npos) << line;
    if (checks_times_) EXPECT_LT(std::stol(line.substr(took + 4)), longest_turn.count()) << line;
  }
}

void Siege::stop() {
  log_reader_ = {};
  honest_.reset();
  server_->signal(SIGTERM);
  EXPECT_EQ(server_->wait(), 0) << server_->output();
  check_turns();
}

bool Siege::wait_for(const std::function<bool()>& condition, std::chrono::seconds limit) {
  for (const auto end = std::chrono::steady_clock::now() + limit; !condition();) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return true;
}

/// A full pipe would block the server.
void Siege::start_log_reader() {
  log_reader_ = std::jthread([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      server_->read_output();
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  });
}

}  // namespace coroom::test
