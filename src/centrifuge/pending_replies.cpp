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
  lane->second.lines.push_back(std::nullopt);
  ++size_;
  return {lane->second, lane->second.first + lane->second.lines.size() - 1};
}

void PendingReplies::fill(ReplySlot place, std::string line) {
  place.lane_->lines[place.number_ - place.lane_->first] = std::move(line);
}

std::string PendingReplies::take() {
  std::string ready;
  for (auto next = lanes_.begin(); next != lanes_.end();) {
    const auto here = next++;
    ChannelReplies& lane = here->second;
    for (; !lane.lines.empty() && lane.lines.front(); lane.lines.pop_front(), ++lane.first, --size_) {
      if (!ready.empty()) ready += '\n';
      ready += *lane.lines.front();
    }
    if (lane.lines.empty() && lanes_.size() > kept_lanes) lanes_.erase(here);
  }
  return ready;
}

std::size_t PendingReplies::size(std::string_view channel) const {
  const auto lane = lanes_.find(channel);
  return lane == lanes_.end() ? 0 : lane->second.lines.size();
}

}  // namespace coroom::detail::centrifuge
