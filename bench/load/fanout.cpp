#include "load/fanout.hpp"

#include "load/audience.hpp"

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace coroom::bench {
namespace {

/// The closed loop: the messages in flight and their deliveries.
class Fanout final : public Load {
 public:
  Fanout(FanoutSettings settings, Audience audience)
      : settings_(std::move(settings)),
        audience_(std::move(audience)),
        slots_(settings_.in_flight),
        order_(std::bit_ceil(2 * settings_.in_flight)),
        position_(settings_.members) {}

  /// Sends one message of every slot; messages of one sender leave together.
  Result<> start() {
    done_ = 0;
    std::vector<std::string> frames(settings_.senders);
    for (std::size_t slot = 0; slot != slots_.size(); ++slot) frames[sender(slot)] += next_frame(slot);
    for (std::size_t index = 0; index != frames.size(); ++index) {
      if (auto sent = audience_.send(index, frames[index]); !sent) return sent;
    }
    return {};
  }

  Result<> turn(std::chrono::milliseconds wait) override {
    auto turned =
        audience_.turn(wait, [this](std::size_t index, std::uint64_t number) { take(index, number); });
    if (!turned) return turned;
    if (error_) return tl::unexpected(*error_);
    if (done_ != slots_.size()) return {};
    return start();
  }

  [[nodiscard]] std::uint64_t arrived() const override { return deliveries_; }

 private:
  struct SendSlot {
    std::uint64_t sent = 0;
    std::size_t delivered = 0;
  };

  void take(std::size_t index, std::uint64_t number) {
    // The first delivery of a message determines its place in the order for all members.
    std::uint64_t& place = order_[position_[index] & (order_.size() - 1)];
    if (position_[index] == ordered_) {
      place = number;
      ++ordered_;
    } else if (place != number) {
      error_ = Error("a member received an unexpected message: one was lost, duplicated or out of order");
      return;
    }
    ++position_[index];
    ++deliveries_;
    const std::size_t slot = number >> bits_of_count;
    if (++slots_[slot].delivered != settings_.members) return;
    if (settings_.bursts) {
      ++done_;
    } else if (auto sent = audience_.send(sender(slot), next_frame(slot)); !sent) {
      error_ = sent.error();
    }
  }

  [[nodiscard]] std::size_t sender(std::size_t slot) const { return slot % settings_.senders; }

  std::string next_frame(std::size_t slot) {
    slots_[slot].delivered = 0;
    return audience_.frame(sender(slot), slot << bits_of_count | ++slots_[slot].sent);
  }

  static constexpr unsigned bits_of_count = 48;  // of a message's number; the slot is in the bits above

  FanoutSettings settings_;
  Audience audience_;
  std::vector<SendSlot> slots_;
  std::size_t done_ = 0;                 // messages of a burst that all members have
  std::vector<std::uint64_t> order_;     // the last messages in the server's order, a ring
  std::uint64_t ordered_ = 0;            // messages with a place in the order
  std::vector<std::uint64_t> position_;  // messages that each member has received
  std::uint64_t deliveries_ = 0;
  std::optional<Error> error_;
};

}  // namespace

Result<std::unique_ptr<Load>> start_fanout(const FanoutSettings& settings) {
  auto audience = Audience::gather(settings.target, settings.dialects, settings.members, settings.bytes);
  if (!audience) return tl::unexpected(audience.error());
  auto fanout = std::make_unique<Fanout>(settings, std::move(*audience));
  if (auto started = fanout->start(); !started) return tl::unexpected(started.error());
  return fanout;
}

Result<Figures> run_fanout(const FanoutSettings& settings) {
  const auto fanout = start_fanout(settings);
  if (!fanout) return tl::unexpected(fanout.error());
  return measure(**fanout, settings.times, settings.server);
}

}  // namespace coroom::bench
