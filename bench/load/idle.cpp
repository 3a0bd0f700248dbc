#include "load/idle.hpp"

#include "load/crowd.hpp"
#include "load/server_stats.hpp"

#include <string_view>

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

Result<> listen_for(Crowd& crowd, std::chrono::milliseconds time) {
  const auto begin = BenchClock::now();
  while (BenchClock::now() - begin < time) {
    auto turned = crowd.turn(std::chrono::milliseconds(10), [](std::size_t, std::string_view) {});
    if (!turned) return turned;
  }
  return {};
}

}  // namespace

Result<Figures> run_idle(const IdleSettings& settings) {
  auto crowd = Crowd::make();
  if (!crowd) return tl::unexpected(crowd.error());
  const auto before = usage_of(settings.server);
  if (!before) return tl::unexpected(before.error());
  const auto begin = BenchClock::now();
  if (auto connected = crowd->connect(settings.target, settings.connections); !connected) {
    return tl::unexpected(connected.error());
  }
  const double connect_seconds = seconds_since(begin);
  constexpr std::chrono::milliseconds settling{500};
  if (auto settled = listen_for(*crowd, settling); !settled) return tl::unexpected(settled.error());

  const auto connected = usage_of(settings.server);
  if (!connected) return tl::unexpected(connected.error());
  const auto window = BenchClock::now();
  if (auto listened = listen_for(*crowd, settings.window); !listened) return tl::unexpected(listened.error());
  const auto after = usage_of(settings.server);
  if (!after) return tl::unexpected(after.error());

  const auto count = static_cast<double>(settings.connections);
  return Figures{{"connect_seconds", connect_seconds},
                 {"connect_cpu_per_million", (connected->cpu - before->cpu) / count * 1e6},
                 {"bytes_per_connection", (after->bytes - before->bytes) / count},
                 {"server_load", (after->cpu - connected->cpu) / seconds_since(window)}};
}

}  // namespace coroom::bench
