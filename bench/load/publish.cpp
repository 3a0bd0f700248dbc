#include "load/publish.hpp"

#include "load/centrifuge.hpp"
#include "load/crowd.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coroom::bench {
namespace {

class Publishers final : public Load {
 public:
  Publishers(const PublishSettings& settings, Crowd crowd)
      : settings_(settings),
        crowd_(std::move(crowd)),
        members_(settings.publishers),
        text_(settings.bytes, '.') {}

  Result<> start() {
    for (std::size_t who = 0; who != members_.size(); ++who) {
      members_[who].said = centrifuge::joining_commands;
      if (auto sent = crowd_.send(who, centrifuge::join(room_of(who))); !sent) return sent;
    }
    return {};
  }

  Result<> turn(std::chrono::milliseconds wait) override {
    auto ready = crowd_.turn(wait, [this](std::size_t who, std::string_view heard) {
      if (centrifuge::is_push(heard)) return;
      if (auto taken = take(who, heard); !taken) error_ = taken.error();
    });
    if (!ready) return ready;
    if (error_) return tl::unexpected(*error_);
    return send();
  }

  [[nodiscard]] std::uint64_t arrived() const override { return acknowledged_; }

 private:
  struct PublishMember {
    std::uint64_t said = 0;      // sent commands; also the id of the last
    std::uint64_t answered = 0;  // replies
    std::string unsent;          // frames that are sent together at the end of the turn
  };

  Result<> take(std::size_t who, std::string_view heard) {
    if (centrifuge::is_ping(heard)) return crowd_.send(who, centrifuge::pong());
    return centrifuge::each_line(heard, [this, who](std::string_view line) -> Result<> {
      const auto id = centrifuge::done(line);
      if (!id) return tl::unexpected(id.error());
      PublishMember& member = members_[who];
      if (*id != ++member.answered) return failure("a reply was lost, duplicated or out of order");
      if (*id > centrifuge::joining_commands) {
        ++acknowledged_;
        say_next(who);
      } else if (*id == centrifuge::joining_commands) {
        for (std::size_t count = 0; count != settings_.in_flight; ++count) say_next(who);
      }
      return {};
    });
  }

  void say_next(std::size_t who) {
    PublishMember& member = members_[who];
    if (member.unsent.empty()) talking_.push_back(who);
    member.unsent.append(centrifuge::publish(++member.said, room_of(who), text_));
  }

  Result<> send() {
    for (const std::size_t who : talking_) {
      if (auto sent = crowd_.send(who, members_[who].unsent); !sent) return sent;
      members_[who].unsent.clear();
    }
    talking_.clear();
    return {};
  }

  [[nodiscard]] std::string room_of(std::size_t who) const {
    return "room" + std::to_string(who % settings_.rooms);
  }

  const PublishSettings& settings_;
  Crowd crowd_;
  std::vector<PublishMember> members_;
  std::vector<std::size_t> talking_;  // with unsent publications
  std::string text_;
  std::uint64_t acknowledged_ = 0;
  std::optional<Error> error_;
};

}  // namespace

Result<Figures> run_publish(const PublishSettings& settings) {
  auto crowd = Crowd::make();
  if (!crowd) return tl::unexpected(crowd.error());
  if (auto connected = crowd->connect(settings.target, settings.publishers); !connected) {
    return tl::unexpected(connected.error());
  }
  Publishers publishers(settings, std::move(*crowd));
  if (auto started = publishers.start(); !started) return tl::unexpected(started.error());
  return measure(publishers, settings.times, settings.server);
}

}  // namespace coroom::bench
