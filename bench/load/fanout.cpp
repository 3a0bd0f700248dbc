#include "load/fanout.hpp"

#include "load/crowd.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <optional>
#include <vector>

namespace coroom::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds patience{10};
constexpr std::chrono::milliseconds probe_interval{50};

// A message is "@!" or, for a probe, "@?", then the slot and the number in hexadecimal, then padding.
constexpr std::size_t slot_digits = 4;
constexpr std::size_t number_digits = 12;
constexpr std::size_t shortest_message = 2 + slot_digits + number_digits;

struct Marker {
  bool probe;
  std::uint64_t value;  // slot and number
};

std::string message_of(bool probe, std::size_t slot, std::uint64_t number, std::size_t bytes) {
  std::array<char, shortest_message + 1> text{};
  std::snprintf(text.data(), text.size(), "@%c%04zx%012lx", probe ? '?' : '!', slot, number);
  std::string message(text.data(), shortest_message);
  message.resize(bytes, '.');
  return message;
}

/// The marker in a line of the chat, which ends with the message; nullopt for a line that somebody entered or
/// left.
std::optional<Marker> marker_of(std::string_view line, std::size_t bytes) {
  if (line.size() < bytes) return std::nullopt;
  line.remove_prefix(line.size() - bytes);
  if (line[0] != '@' || (line[1] != '!' && line[1] != '?')) return std::nullopt;
  std::uint64_t value = 0;
  std::from_chars(line.data() + 2, line.data() + shortest_message, value, 16);
  return Marker{line[1] == '?', value};
}

/// The closed loop: what is in flight, and who has what.
class Fanout final : public Load {
 public:
  Fanout(const FanoutSettings& settings, Crowd crowd)
      : settings_(settings),
        crowd_(std::move(crowd)),
        slots_(settings.in_flight),
        order_(std::bit_ceil(2 * settings.in_flight)),
        position_(settings.members),
        probed_(settings.members) {}

  /// Sends probes until every member has got the last of them: from then on all are in the room.
  Result<> wait_until_all_listen() {
    const auto deadline = SteadyClock::now() + patience;
    std::uint64_t number = 0;
    SteadyClock::time_point next{};
    while (listening_ != settings_.members) {
      if (SteadyClock::now() > deadline) {
        return failure("after 10 s only " + std::to_string(listening_) + " of the members get messages");
      }
      if (SteadyClock::now() > next) {
        last_probe_ = ++number;
        listening_ = 0;
        next = SteadyClock::now() + probe_interval * (1 + settings_.members / 100);
        if (auto sent = send(0, message_of(true, 0, number, settings_.bytes)); !sent) return sent;
      }
      if (auto turned = turn(); !turned) return turned;
    }
    return {};
  }

  Result<> start() {
    for (std::size_t slot = 0; slot != slots_.size(); ++slot) {
      if (auto sent = send_next(slot); !sent) return sent;
    }
    return {};
  }

  Result<> turn() override {
    auto ready = crowd_.turn(std::chrono::milliseconds(10),
                             [this](std::size_t who, std::string_view line) { take(who, line); });
    if (!ready) return tl::unexpected(ready.error());
    if (error_) return tl::unexpected(*error_);
    return {};
  }

  [[nodiscard]] std::uint64_t arrived() const override { return deliveries_; }

 private:
  struct Slot {
    std::uint64_t number = 0;
    std::size_t delivered = 0;
  };

  void take(std::size_t who, std::string_view line) {
    const auto marker = marker_of(line, settings_.bytes);
    if (!marker) return;
    if (marker->probe) {
      if ((marker->value & number_mask) == last_probe_ && probed_[who] != last_probe_) {
        probed_[who] = last_probe_;
        ++listening_;
      }
      return;
    }
    // The first to get a message says what comes next in the order of all.
    std::uint64_t& place = order_[position_[who] & (order_.size() - 1)];
    if (position_[who] == ordered_) {
      place = marker->value;
      ++ordered_;
    } else if (place != marker->value) {
      error_ =
          Error("a member got another message than the one that was its turn: lost, doubled or out of order");
      return;
    }
    ++position_[who];
    ++deliveries_;
    const auto slot = static_cast<std::size_t>(marker->value >> (4 * number_digits));
    if (++slots_[slot].delivered != settings_.members) return;
    if (auto sent = send_next(slot); !sent) error_ = sent.error();
  }

  Result<> send_next(std::size_t slot) {
    slots_[slot].delivered = 0;
    return send(slot % settings_.senders, message_of(false, slot, ++slots_[slot].number, settings_.bytes));
  }

  Result<> send(std::size_t who, std::string_view message) {
    constexpr unsigned text = 1;
    return crowd_.send(who, client_frame(text, message));
  }

  static constexpr std::uint64_t number_mask = (std::uint64_t{1} << (4 * number_digits)) - 1;

  const FanoutSettings& settings_;
  Crowd crowd_;
  std::vector<Slot> slots_;
  std::vector<std::uint64_t> order_;     // the last messages in the server's order, a ring
  std::uint64_t ordered_ = 0;            // how many have a place in it
  std::vector<std::uint64_t> position_;  // how many each member has got
  std::vector<std::uint64_t> probed_;    // the last probe that each member has got
  std::uint64_t last_probe_ = 0;
  std::size_t listening_ = 0;
  std::uint64_t deliveries_ = 0;
  std::optional<Error> error_;
};

}  // namespace

Result<Figures> run_fanout(const FanoutSettings& settings) {
  if (settings.bytes < shortest_message) {
    return failure("a message needs " + std::to_string(shortest_message) + " bytes at least, for its marker");
  }
  auto crowd = Crowd::make();
  if (!crowd) return tl::unexpected(crowd.error());
  if (auto connected = crowd->connect(settings.target, settings.members); !connected) {
    return tl::unexpected(connected.error());
  }
  Fanout fanout(settings, std::move(*crowd));
  auto started = fanout.wait_until_all_listen().and_then([&] { return fanout.start(); });
  if (!started) return tl::unexpected(started.error());
  return measure(fanout, settings.times, settings.server);
}

}  // namespace coroom::bench
