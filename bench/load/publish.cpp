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
    for (std::size_t index = 0; index != members_.size(); ++index) {
      members_[index].sent = centrifuge::joining_commands;
      if (auto sent = crowd_.send(index, centrifuge::join(room_of(index))); !sent) return sent;
    }
    return {};
  }

  Result<> turn(std::chrono::milliseconds wait) override {
    auto ready = crowd_.turn(wait, [this](std::size_t index, std::string_view received) {
      if (centrifuge::is_push(received)) return;
      if (auto taken = take(index, received); !taken) error_ = taken.error();
    });
    if (!ready) return ready;
    if (error_) return tl::unexpected(*error_);
    return send();
  }

  [[nodiscard]] std::uint64_t arrived() const override { return acknowledged_; }

 private:
  struct PublishMember {
    std::uint64_t sent = 0;      // sent commands; also the id of the last
    std::uint64_t answered = 0;  // replies
    std::string unsent;          // frames that are sent together at the end of the turn
  };

  Result<> take(std::size_t index, std::string_view received) {
    if (centrifuge::is_ping(received)) return crowd_.send(index, centrifuge::pong());
    return centrifuge::each_line(received, [this, index](std::string_view line) -> Result<> {
      const auto id = centrifuge::done(line);
      if (!id) return tl::unexpected(id.error());
      PublishMember& member = members_[index];
      if (*id != ++member.answered) return failure("a reply was lost, duplicated or out of order");
      if (*id > centrifuge::joining_commands) {
        ++acknowledged_;
        publish_next(index);
      } else if (*id == centrifuge::joining_commands) {
        for (std::size_t count = 0; count != settings_.in_flight; ++count) publish_next(index);
      }
      return {};
    });
  }

  void publish_next(std::size_t index) {
    PublishMember& member = members_[index];
    if (member.unsent.empty()) ready_.push_back(index);
    member.unsent.append(centrifuge::publish(++member.sent, room_of(index), text_));
  }

  Result<> send() {
    for (const std::size_t index : ready_) {
      if (auto sent = crowd_.send(index, members_[index].unsent); !sent) return sent;
      members_[index].unsent.clear();
    }
    ready_.clear();
    return {};
  }

  [[nodiscard]] std::string room_of(std::size_t index) const {
    return "room" + std::to_string(index % settings_.rooms);
  }

  const PublishSettings& settings_;
  Crowd crowd_;
  std::vector<PublishMember> members_;
  std::vector<std::size_t> ready_;  // with unsent publications
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
