#include "load/idle.hpp"

#include "load/crowd.hpp"
#include "load/server_stats.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace coroom::bench {
namespace {

double seconds_since(BenchClock::time_point begin) {
  return std::chrono::duration<double>(BenchClock::now() - begin).count();
}

struct Usage {
  double cpu = 0;    // seconds
  double bytes = 0;  // of memory
};

Result<Usage> usage_of(pid_t process) {
  const auto cpu = cpu_seconds(process);
  if (!cpu) return tl::unexpected(cpu.error());
  const auto bytes = memory(process);
  if (!bytes) return tl::unexpected(bytes.error());
  return Usage{*cpu, static_cast<double>(*bytes)};
}

class IdleCrowd {
 public:
  IdleCrowd(const IdleSettings& settings, Crowd crowd) : settings_(settings), crowd_(std::move(crowd)) {}

  /// Returns once every connection is upgraded, and has joined if its protocol has commands for that. Each
  /// sends them at once, as a client that waits is closed.
  Result<> join() {
    constexpr std::size_t opened_at_once = 64;
    constexpr std::chrono::seconds patience{10};
    auto last_progress = BenchClock::now();
    while (joined_ != settings_.connections) {
      const std::size_t seen = joined_;
      auto opened = crowd_.connect_some([this](std::size_t) { return settings_.target; },
                                        settings_.connections, opened_at_once);
      if (opened) opened = greet_all();
      if (opened) opened = turn();
      if (!opened) return opened;
      if (joined_ != seen) last_progress = BenchClock::now();
      if (BenchClock::now() - last_progress > patience)
        return failure("no connection has joined for 10 s; joined: " + std::to_string(joined_));
    }
    return {};
  }

  Result<> listen_for(std::chrono::milliseconds time) {
    const auto begin = BenchClock::now();
    while (BenchClock::now() - begin < time) {
      if (auto turned = turn(); !turned) return turned;
    }
    return {};
  }

 private:
  Result<> greet_all() {
    const std::string greeting = settings_.dialect.greeting();
    for (; greeted_ != crowd_.upgraded(); ++greeted_) {
      if (greeting.empty()) {
        ++joined_;
      } else if (auto sent = crowd_.send(greeted_, greeting); !sent) {
        return sent;
      }
    }
    return {};
  }

  Result<> turn() {
    Result<> taken;
    auto turned = crowd_.turn(std::chrono::milliseconds(10), [&](std::size_t index, std::string_view text) {
      if (taken) taken = take(index, text);
    });
    return turned ? taken : turned;
  }

  Result<> take(std::size_t index, std::string_view received) {
    if (settings_.dialect.completes_join(received)) ++joined_;
    auto answer = settings_.dialect.answer_to(received);
    if (!answer) return tl::unexpected(answer.error());
    return answer->empty() ? Result<>() : crowd_.send(index, *answer);
  }

  const IdleSettings& settings_;
  Crowd crowd_;
  std::size_t greeted_ = 0;  // connections that are upgraded, and have sent their commands
  std::size_t joined_ = 0;
};

}  // namespace

Result<Figures> run_idle(const IdleSettings& settings) {
  auto crowd = Crowd::make();
  if (!crowd) return tl::unexpected(crowd.error());
  IdleCrowd idle(settings, std::move(*crowd));
  const auto before = usage_of(settings.server);
  if (!before) return tl::unexpected(before.error());
  const auto begin = BenchClock::now();
  if (auto joined = idle.join(); !joined) return tl::unexpected(joined.error());
  const double connect_seconds = seconds_since(begin);
  constexpr std::chrono::milliseconds settling{500};
  if (auto settled = idle.listen_for(settling); !settled) return tl::unexpected(settled.error());

  const auto connected = usage_of(settings.server);
  if (!connected) return tl::unexpected(connected.error());
  const auto window = BenchClock::now();
  if (auto listened = idle.listen_for(settings.window); !listened) return tl::unexpected(listened.error());
  const auto after = usage_of(settings.server);
  if (!after) return tl::unexpected(after.error());

  const auto count = static_cast<double>(settings.connections);
  return Figures{{"connect_seconds", connect_seconds},
                 {"connect_cpu_per_million", (connected->cpu - before->cpu) / count * 1e6},
                 {"bytes_per_connection", (after->bytes - before->bytes) / count},
                 {"server_load", (after->cpu - connected->cpu) / seconds_since(window)}};
}

}  // namespace coroom::bench
