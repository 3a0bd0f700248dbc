#include "load/measure.hpp"

#include "load/server_stats.hpp"

namespace coroom::bench {
namespace {

constexpr std::chrono::seconds patience{10};

Result<> run_for(Load& load, std::chrono::milliseconds time) {
  const auto end = BenchClock::now() + time;
  auto last_progress = BenchClock::now();
  std::uint64_t seen = load.arrived();
  for (auto now = last_progress; now < end; now = BenchClock::now()) {
    if (auto turned = load.turn(std::chrono::milliseconds(10)); !turned) return turned;
    if (load.arrived() != seen) last_progress = now;
    seen = load.arrived();
    if (now - last_progress > patience)
      return failure("no message has arrived for 10 s: the server lost one");
  }
  return {};
}

}  // namespace

Result<Figures> measure(Load& load, const Times& times, pid_t server) {
  if (auto warm = run_for(load, times.warm_up); !warm) return tl::unexpected(warm.error());
  load.begin_window();

  const auto server_before = cpu_seconds(server);
  if (!server_before) return tl::unexpected(server_before.error());
  const double client_before = own_cpu_seconds();
  const std::uint64_t messages_before = load.arrived();
  const auto begin = BenchClock::now();
  if (auto ran = run_for(load, times.window); !ran) return tl::unexpected(ran.error());
  const double seconds = std::chrono::duration<double>(BenchClock::now() - begin).count();
  const auto messages = static_cast<double>(load.arrived() - messages_before);
  const auto server_after = cpu_seconds(server);
  const auto peak = peak_memory(server);
  if (!server_after) return tl::unexpected(server_after.error());
  if (!peak) return tl::unexpected(peak.error());

  return Figures{{"messages_per_second", messages / seconds},
                 {"cpu_per_million", (*server_after - *server_before) / (messages / 1e6)},
                 {"server_load", (*server_after - *server_before) / seconds},
                 {"client_load", (own_cpu_seconds() - client_before) / seconds},
                 {"peak_bytes", *peak}};
}

}  // namespace coroom::bench
