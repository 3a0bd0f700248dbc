#include "centrifuge/pending_replies.hpp"

#include <utility>

namespace coroom::centrifuge {

PendingReplies::Place PendingReplies::reserve() {
  lines_.emplace_back();
  return first_ + lines_.size() - 1;
}

void PendingReplies::fill(Place place, std::string line) {
  lines_[place - first_] = std::move(line);
}

std::string PendingReplies::take() {
  std::string ready;
  for (; !lines_.empty() && lines_.front(); lines_.pop_front(), ++first_) {
    if (!ready.empty()) ready += '\n';
    ready += *lines_.front();
  }
  return ready;
}

}  // namespace coroom::centrifuge
