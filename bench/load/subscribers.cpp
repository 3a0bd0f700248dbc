#include "load/subscribers.hpp"

#include "load/centrifuge.hpp"
#include "load/crowd.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace coroom::bench {
namespace {

using Side = SubscribersSettings::Side;

std::string first_frame(const SubscribersSettings& settings) {
  constexpr unsigned text = 1;
  std::string commands = R"({"id":1,"connect":{"token":")" + settings.token + "\"}}";
  for (std::size_t room = 0; settings.side == Side::client && room != settings.rooms; ++room) {
    commands.append("\n{\"id\":").append(std::to_string(room + 2));
    commands.append(R"(,"subscribe":{"channel":"bench-)").append(std::to_string(room)).append("\"}}");
  }
  return client_frame(text, commands);
}

class Subscribers final : public Load {
 public:
  Subscribers(const SubscribersSettings& settings, Crowd crowd)
      : settings_(settings),
        crowd_(std::move(crowd)),
        frame_(first_frame(settings)),
        replies_(settings.side == Side::client ? settings.rooms + 1 : 1),
        newcomers_(settings.in_flight) {}

  Result<> start() {
    for (std::size_t index = 0; index != newcomers_.size(); ++index) {
      if (auto opened = crowd_.open(settings_.target); !opened) return opened;
    }
    return {};
  }

  Result<> turn(std::chrono::milliseconds wait) override {
    auto ready = crowd_.turn(
        wait, [this](std::size_t index, std::string_view frame) { take(newcomers_[index], frame); });
    if (!ready) return ready;
    if (error_) return tl::unexpected(*error_);
    for (std::size_t index = 0; index != newcomers_.size(); ++index) {
      if (auto advanced = advance(index); !advanced) return advanced;
    }
    return {};
  }

  [[nodiscard]] std::uint64_t arrived() const override { return arrived_; }

 private:
  enum class Progress { connecting, subscribing, leaving };

  struct Newcomer {
    Progress progress = Progress::connecting;
    std::size_t replies = 0;
  };

  void take(Newcomer& newcomer, std::string_view frame) {
    const auto taken = centrifuge::each_line(frame, [&](std::string_view line) -> Result<> {
      if (auto done = centrifuge::done(line); !done) return tl::unexpected(done.error());
      ++newcomer.replies;
      if (settings_.side == Side::server && line.find(R"("subs":{)") == std::string_view::npos)
        return failure("the server made no subscriptions: " + std::string(line));
      return {};
    });
    if (!taken) error_ = taken.error();
  }

  Result<> advance(std::size_t index) {
    Newcomer& newcomer = newcomers_[index];
    if (newcomer.progress == Progress::connecting && crowd_.connection(index).upgraded()) {
      newcomer = {Progress::subscribing, 0};
      return crowd_.send(index, frame_);
    }
    if (newcomer.progress == Progress::subscribing && newcomer.replies == replies_) {
      newcomer.progress = Progress::leaving;
      return crowd_.close(index);
    }
    if (newcomer.progress == Progress::leaving && crowd_.connection(index).ended()) {
      ++arrived_;
      newcomer.progress = Progress::connecting;
      return crowd_.reopen(index, settings_.target);
    }
    return {};
  }

  const SubscribersSettings& settings_;
  Crowd crowd_;
  std::string frame_;
  std::size_t replies_;  // that a connection gets
  std::vector<Newcomer> newcomers_;
  std::uint64_t arrived_ = 0;
  std::optional<Error> error_;
};

}  // namespace

Result<Figures> run_subscribers(const SubscribersSettings& settings) {
  auto crowd = Crowd::make();
  if (!crowd) return tl::unexpected(crowd.error());
  Subscribers subscribers(settings, std::move(*crowd));
  if (auto started = subscribers.start(); !started) return tl::unexpected(started.error());
  return measure(subscribers, settings.times, settings.server);
}

}  // namespace coroom::bench
