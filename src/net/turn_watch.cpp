#include "net/turn_watch.hpp"

#include <utility>

namespace coroom::detail::net {

std::optional<TurnWatch::Report> TurnWatch::note(TimePoint begun, TimePoint handled, TimePoint ended) {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  if (ended - begun <= limit) return std::nullopt;
  ++slow_turns_;
  if (last_report_ && ended - *last_report_ < pace) return std::nullopt;
  last_report_ = ended;
  return Report{duration_cast<milliseconds>(ended - begun), duration_cast<milliseconds>(handled - begun),
                slow_turns_ - std::exchange(reported_, slow_turns_)};
}

}  // namespace coroom::detail::net
