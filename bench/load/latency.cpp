#include "load/latency.hpp"

#include "load/audience.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

namespace coroom::bench {
namespace {

class Latency final : public Load {
 public:
  Latency(const LatencySettings& settings, Audience audience)
      : settings_(settings),
        audience_(std::move(audience)),
        interval_(std::chrono::duration_cast<BenchClock::duration>(
            std::chrono::duration<double>(1 / settings.rate))) {
    for (std::size_t index = settings.members - settings.stopped; index != settings.members; ++index) {
      audience_.ignore(index);
    }
  }

  /// Sends the messages that are due. Never sleeps: the generator has a processor of its own, and a late read
  /// would count against the server.
  Result<> turn(std::chrono::milliseconds /*wait*/) override {
    while (BenchClock::now() >= next_due_) {
      due_.push_back(next_due_);
      next_due_ += interval_;
      if (auto sent = audience_.send(0, audience_.frame(0, due_.size() - 1)); !sent) return sent;
    }
    return read();
  }

  [[nodiscard]] std::uint64_t arrived() const override { return arrived_; }

  void begin_window() override { first_counted_ = due_.size(); }

  /// Reads until all members have all messages.
  Result<> finish() {
    const auto deadline = BenchClock::now() + std::chrono::seconds(10);
    const std::uint64_t all = due_.size() * (settings_.members - settings_.stopped);
    while (arrived_ != all) {
      if (BenchClock::now() > deadline) return failure("messages are still in flight after 10 s");
      if (auto read_some = read(); !read_some) return read_some;
    }
    return {};
  }

  void describe(Figures& figures) {
    std::ranges::sort(samples_);
    const auto quantile = [this](double share) {
      const auto index = static_cast<std::size_t>(share * static_cast<double>(samples_.size() - 1));
      return std::chrono::duration<double, std::milli>(samples_[index]).count();
    };
    figures["p50_ms"] = quantile(0.5);
    figures["p99_ms"] = quantile(0.99);
    figures["p999_ms"] = quantile(0.999);
    figures["max_ms"] = quantile(1);
  }

 private:
  Result<> read() {
    return audience_.turn(std::chrono::milliseconds(0), [this](std::size_t, std::uint64_t number) {
      ++arrived_;
      if (number >= first_counted_) samples_.push_back(BenchClock::now() - due_[number]);
    });
  }

  const LatencySettings& settings_;
  Audience audience_;
  BenchClock::duration interval_;
  BenchClock::time_point next_due_ = BenchClock::now();
  std::vector<BenchClock::time_point> due_;  // by message number
  std::size_t first_counted_ = 0;
  std::vector<BenchClock::duration> samples_;
  std::uint64_t arrived_ = 0;
};

}  // namespace

Result<Figures> run_latency(const LatencySettings& settings) {
  auto audience = Audience::gather(settings.target, {settings.dialect}, settings.members, settings.bytes);
  if (!audience) return tl::unexpected(audience.error());
  Latency latency(settings, std::move(*audience));
  auto figures = measure(latency, settings.times, settings.server);
  if (!figures) return figures;
  if (auto finished = latency.finish(); !finished) return tl::unexpected(finished.error());
  latency.describe(*figures);
  return figures;
}

}  // namespace coroom::bench
