#include "load/newcomers.hpp"

#include "load/crowd.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coroom::bench {
namespace {

class Newcomers final : public Load {
 public:
  Newcomers(const NewcomersSettings& settings, Crowd crowd)
      : settings_(settings),
        crowd_(std::move(crowd)),
        message_(settings.bytes, '.'),
        progress_(settings.in_flight, Progress::connecting) {}

  Result<> start() {
    for (std::size_t index = 0; index != progress_.size(); ++index) {
      if (auto opened = crowd_.open(target(index)); !opened) return opened;
    }
    return {};
  }

  Result<> turn(std::chrono::milliseconds wait) override {
    auto ready = crowd_.turn(wait, [this](std::size_t index, std::string_view line) { take(index, line); });
    if (!ready) return ready;
    if (error_) return tl::unexpected(*error_);
    for (std::size_t index = 0; index != progress_.size(); ++index) {
      if (auto advanced = advance(index); !advanced) return advanced;
    }
    return {};
  }

  [[nodiscard]] std::uint64_t arrived() const override { return arrived_; }

 private:
  enum class Progress { connecting, message_sent, message_received, leaving };

  /// Returns the target with the room of this place.
  [[nodiscard]] LoadTarget target(std::size_t index) const {
    LoadTarget target = settings_.target;
    target.path += "?room=newcomer-" + std::to_string(index);
    return target;
  }

  void take(std::size_t index, std::string_view line) {
    if (progress_[index] == Progress::message_sent && line.ends_with(message_)) {
      progress_[index] = Progress::message_received;
    } else {
      error_ = Error("a newcomer received an unexpected message");
    }
  }

  Result<> advance(std::size_t index) {
    constexpr unsigned text = 1;
    Progress& progress = progress_[index];
    if (progress == Progress::connecting && crowd_.connection(index).upgraded()) {
      progress = Progress::message_sent;
      return crowd_.send(index, client_frame(text, message_));
    }
    if (progress == Progress::message_received) {
      progress = Progress::leaving;
      return crowd_.close(index);
    }
    if (progress == Progress::leaving && crowd_.connection(index).ended()) {
      ++arrived_;
      progress = Progress::connecting;
      return crowd_.reopen(index, target(index));
    }
    return {};
  }

  const NewcomersSettings& settings_;
  Crowd crowd_;
  std::string message_;
  std::vector<Progress> progress_;
  std::uint64_t arrived_ = 0;
  std::optional<Error> error_;
};

}  // namespace

Result<Figures> run_newcomers(const NewcomersSettings& settings) {
  auto crowd = Crowd::make();
  if (!crowd) return tl::unexpected(crowd.error());
  Newcomers newcomers(settings, std::move(*crowd));
  if (auto started = newcomers.start(); !started) return tl::unexpected(started.error());
  return measure(newcomers, settings.times, settings.server);
}

}  // namespace coroom::bench
