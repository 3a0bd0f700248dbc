#pragma once

#include "core/compact_queue.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace coroom::detail::centrifuge {

/// Replies that become known in any order. The replies of one channel leave in the order of their commands,
/// and do not wait for other channels. Pure.
class PendingReplies {
  struct ChannelReplies {
    CompactQueue<std::optional<std::string>> replies;  // none: not known yet
    std::uint64_t first = 0;                           // number of replies.front()
  };

 public:
  /// The place of one reply, valid until the reply has been taken.
  class ReplySlot {
   public:
    ReplySlot() = default;

   private:
    friend class PendingReplies;
    ReplySlot(ChannelReplies& lane, std::uint64_t number) : lane_(&lane), number_(number) {}

    ChannelReplies* lane_ = nullptr;
    std::uint64_t number_ = 0;
  };

  /// `separator` stands between replies that leave together, and outlives the object.
  explicit PendingReplies(std::string_view separator) : separator_(separator) {}

  /// Reserves a slot for the next command of this channel.
  ReplySlot reserve(std::string_view channel);

  /// Stores an encoded reply. Called once for each slot.
  static void fill(ReplySlot place, std::string reply);

  /// Removes and returns the replies that may leave now, joined by the separator; empty if there are none.
  std::string take();

  /// Returns the number of replies that have not left.
  ///@{
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t size(std::string_view channel) const;
  ///@}

 private:
  std::string_view separator_;
  std::map<std::string, ChannelReplies, std::less<>> lanes_;  // by channel
  std::size_t size_ = 0;
};

}  // namespace coroom::detail::centrifuge
