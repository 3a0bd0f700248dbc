#include "load/storm.hpp"

#include "load/burst_publisher.hpp"
#include "load/fanout.hpp"
#include "load/returners.hpp"
#include "load/server_stats.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

namespace coroom::bench {
namespace {

constexpr std::chrono::seconds patience{60};
constexpr const char* stormy_room = "storm";

/// Both rooms. The load is that of the other room.
class Storm final : public Load {
 public:
  Storm(std::unique_ptr<Load> live, BurstPublisher publisher, Returners returners)
      : live_(std::move(live)), publisher_(std::move(publisher)), returners_(std::move(returners)) {}

  /// Never waits, because the other room always has messages in flight.
  Result<> turn(std::chrono::milliseconds /*wait*/) override {
    constexpr std::chrono::milliseconds at_once{0};
    if (auto turned = live_->turn(at_once); !turned) return turned;
    if (auto turned = publisher_.turn(); !turned) return turned;
    return gone_ ? Result<>() : returners_.turn();
  }

  [[nodiscard]] std::uint64_t arrived() const override { return live_->arrived(); }

  /// Publishes while no subscriber is connected.
  Result<> publish(std::size_t count, std::size_t bytes) {
    gone_ = true;
    if (auto sent = publisher_.publish(count, bytes); !sent) return sent;
    return turn_until([this] { return publisher_.all_acknowledged(); });
  }

  Result<> join_all() {
    gone_ = false;
    return turn_until([this] { return returners_.all_here(); });
  }

  Result<> drop() { return returners_.drop(); }

  [[nodiscard]] Result<> check(std::size_t missed) const { return returners_.check(missed); }

 private:
  template <class Condition>
  Result<> turn_until(const Condition& reached) {
    const auto deadline = BenchClock::now() + patience;
    while (!reached()) {
      if (auto turned = turn({}); !turned) return turned;
      if (BenchClock::now() > deadline) return failure("publications have no reply after a minute");
    }
    return {};
  }

  std::unique_ptr<Load> live_;
  BurstPublisher publisher_;
  Returners returners_;
  bool gone_ = true;
};

Result<std::unique_ptr<Storm>> gather(const StormSettings& settings) {
  auto live = start_fanout({.target = settings.target,
                            .dialects = {Dialect::centrifuge("live")},
                            .members = settings.live_members,
                            .senders = settings.senders,
                            .in_flight = settings.in_flight,
                            .bytes = settings.bytes,
                            .times = settings.times,
                            .server = settings.server});
  if (!live) return tl::unexpected(live.error());
  auto publisher = BurstPublisher::join(settings.target, stormy_room);
  if (!publisher) return tl::unexpected(publisher.error());
  auto returners = Returners::make(settings.target, stormy_room, settings.subscribers);
  if (!returners) return tl::unexpected(returners.error());
  return std::make_unique<Storm>(std::move(*live), std::move(*publisher), std::move(*returners));
}

/// The use of processors and the deliveries in the other room up to now.
struct Account {
  BenchClock::time_point time = BenchClock::now();
  double server_cpu = 0;
  double client_cpu = own_cpu_seconds();
  std::uint64_t delivered = 0;
};

Result<Account> account(const Storm& storm, pid_t server) {
  const auto cpu = cpu_seconds(server);
  if (!cpu) return tl::unexpected(cpu.error());
  Account now;
  now.server_cpu = *cpu;
  now.delivered = storm.arrived();
  return now;
}

}  // namespace

Result<Figures> run_storm(const StormSettings& settings) {
  const auto gathered = gather(settings);
  if (!gathered) return tl::unexpected(gathered.error());
  Storm& storm = **gathered;
  auto ready = storm.publish(settings.history, settings.bytes);
  if (ready) ready = storm.join_all();
  if (!ready) return tl::unexpected(ready.error());
  auto calm = measure(storm, settings.times, settings.server);
  if (!calm) return calm;
  const auto bytes_before = memory(settings.server);

  if (auto dropped = storm.drop(); !dropped) return tl::unexpected(dropped.error());
  const auto before = account(storm, settings.server);
  if (auto sent = storm.publish(settings.missed, settings.bytes); !sent) return tl::unexpected(sent.error());
  const auto back = BenchClock::now();
  if (auto here = storm.join_all(); !here) return tl::unexpected(here.error());
  const auto after = account(storm, settings.server);
  const auto peak = peak_memory(settings.server);
  if (!bytes_before || !before || !after || !peak) return failure("the server has ended");
  if (auto right = storm.check(settings.missed); !right) return tl::unexpected(right.error());

  const auto seconds_between = [](auto begin, auto end) {
    return std::chrono::duration<double>(end - begin).count();
  };
  const double seconds = seconds_between(before->time, after->time);
  const double live_before = calm->at("messages_per_second").to_number<double>();
  const double live_during = static_cast<double>(after->delivered - before->delivered) / seconds;
  return Figures{{"recover_seconds", seconds_between(back, after->time)},
                 {"live_before", live_before},
                 {"live_during", live_during},
                 {"live_share", live_during / live_before},
                 {"server_load", (after->server_cpu - before->server_cpu) / seconds},
                 {"client_load", (after->client_cpu - before->client_cpu) / seconds},
                 {"bytes_before", *bytes_before},
                 {"peak_bytes", *peak}};
}

}  // namespace coroom::bench
