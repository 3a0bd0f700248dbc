#include "load/echo.hpp"

#include "load/crowd.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace coroom::bench {
namespace {

constexpr std::size_t number_digits = 16;

class Echo final : public Load {
 public:
  Echo(const EchoSettings& settings, Crowd crowd)
      : settings_(settings), crowd_(std::move(crowd)), members_(settings.connections) {}

  Result<> start() {
    for (std::size_t index = 0; index != members_.size(); ++index) {
      for (std::size_t count = 0; count != settings_.in_flight; ++count) publish_next(index);
    }
    return send();
  }

  Result<> turn(std::chrono::milliseconds wait) override {
    auto ready =
        crowd_.turn(wait, [this](std::size_t index, std::string_view message) { take(index, message); });
    if (!ready) return ready;
    if (error_) return tl::unexpected(*error_);
    return send();
  }

  [[nodiscard]] std::uint64_t arrived() const override { return arrived_; }

 private:
  struct EchoMember {
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
    std::string unsent;  // frames that are sent together at the end of the turn
  };

  /// Returns the number of the connection and of the message, then padding; the same bytes in both
  /// directions.
  std::string_view message(std::size_t index, std::uint64_t number) {
    std::array<char, number_digits + 1> marker{};
    std::snprintf(marker.data(), marker.size(), "%04zx%012lx", index & 0xffffU, number);
    message_.assign(marker.data(), number_digits).resize(settings_.bytes, '.');
    return message_;
  }

  void take(std::size_t index, std::string_view text) {
    if (text != message(index, members_[index].received)) {
      error_ = Error("a connection received an unexpected message");
      return;
    }
    ++members_[index].received;
    ++arrived_;
    publish_next(index);
  }

  void publish_next(std::size_t index) {
    constexpr unsigned text = 1;
    EchoMember& member = members_[index];
    if (member.unsent.empty()) ready_.push_back(index);
    member.unsent.append(client_frame(text, message(index, member.sent++)));
  }

  Result<> send() {
    for (const std::size_t index : ready_) {
      if (auto sent = crowd_.send(index, members_[index].unsent); !sent) return sent;
      members_[index].unsent.clear();
    }
    ready_.clear();
    return {};
  }

  const EchoSettings& settings_;
  Crowd crowd_;
  std::vector<EchoMember> members_;
  std::vector<std::size_t> ready_;  // with unsent messages
  std::string message_;
  std::uint64_t arrived_ = 0;
  std::optional<Error> error_;
};

}  // namespace

Result<Figures> run_echo(const EchoSettings& settings) {
  if (settings.bytes < number_digits) {
    return failure("--bytes must be at least " + std::to_string(number_digits) +
                   ", for the marker of the message");
  }
  auto crowd = Crowd::make();
  if (!crowd) return tl::unexpected(crowd.error());
  if (auto connected = crowd->connect(settings.target, settings.connections); !connected) {
    return tl::unexpected(connected.error());
  }
  Echo echo(settings, std::move(*crowd));
  if (auto started = echo.start(); !started) return tl::unexpected(started.error());
  return measure(echo, settings.times, settings.server);
}

}  // namespace coroom::bench
