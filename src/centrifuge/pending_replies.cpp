#include "centrifuge/pending_replies.hpp"

#include <optional>
#include <utility>

namespace coroom::detail::centrifuge {
namespace {

// Empty lanes that are kept, so that a client that publishes does not allocate a lane each time.
constexpr std::size_t kept_lanes = 8;

}  // namespace

PendingReplies::ReplySlot PendingReplies::reserve(std::string_view channel) {
  auto lane = lanes_.find(channel);
  if (lane == lanes_.end()) lane = lanes_.try_emplace(std::string(channel)).first;
  lane->second.replies.push_back(std::nullopt);
  ++size_;
  return {lane->second, lane->second.first + lane->second.replies.size() - 1};
}

void PendingReplies::fill(ReplySlot place, std::string reply) {
  place.lane_->replies[place.number_ - place.lane_->first] = std::move(reply);
}

std::string PendingReplies::take() {
  std::string ready;
  for (auto next = lanes_.begin(); next != lanes_.end();) {
    const auto here = next++;
    ChannelReplies& lane = here->second;
    for (; !lane.replies.empty() && lane.replies.front(); lane.replies.pop_front(), ++lane.first, --size_) {
      if (!ready.empty()) ready += separator_;
      ready += *lane.replies.front();
    }
    if (lane.replies.empty() && lanes_.size() > kept_lanes) lanes_.erase(here);
  }
  return ready;
}

std::size_t PendingReplies::size(std::string_view channel) const {
  const auto lane = lanes_.find(channel);
  return lane == lanes_.end() ? 0 : lane->second.replies.size();
}

}  // namespace coroom::detail::centrifuge
