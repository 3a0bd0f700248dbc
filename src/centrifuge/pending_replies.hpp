#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace coroom::detail::centrifuge {

/// Replies that become known in any order. Those of one channel leave in the order of their commands; another
/// channel's do not wait for them. Pure.
class PendingReplies {
  struct ChannelReplies {
    std::deque<std::optional<std::string>> lines;  // none: not known yet
    std::uint64_t first = 0;                       // number of lines.front()
  };

 public:
  /// Of one reply, until it has been taken.
  class ReplySlot {
   public:
    ReplySlot() = default;

   private:
    friend class PendingReplies;
    ReplySlot(ChannelReplies& lane, std::uint64_t number) : lane_(&lane), number_(number) {}

    ChannelReplies* lane_ = nullptr;
    std::uint64_t number_ = 0;
  };

  /// For the next command of this channel.
  ReplySlot reserve(std::string_view channel);

  /// The reply to it, a line. Called once for each place.
  static void fill(ReplySlot place, std::string line);

  /// The lines that may leave now, joined by line breaks; empty if there are none.
  std::string take();

  /// How many have not left.
  ///@{
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t size(std::string_view channel) const;
  ///@}

 private:
  std::map<std::string, ChannelReplies, std::less<>> lanes_;  // by channel
  std::size_t size_ = 0;
};

}  // namespace coroom::detail::centrifuge
