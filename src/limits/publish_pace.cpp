#include "limits/publish_pace.hpp"

#include "limits/tags_size.hpp"

#include <algorithm>
#include <string>

namespace coroom::detail::limits {
namespace {

// Size of a push beyond the counted parts: field names, the client ID, the time, the offset, the frame
// header.
constexpr std::size_t overhead = 160;  // bytes

// Quotes, colon and comma of one tag in JSON.
constexpr std::size_t overhead_of_tag = 6;  // bytes

constexpr double nanoseconds = 1e9;  // in a second

bool is_escaped_in_json(char letter) {
  return letter == '"' || letter == '\\' || static_cast<unsigned char>(letter) < ' ';
}

}  // namespace

std::optional<PublishPace::Duration> PublishPace::take(std::size_t bytes, TimePoint now, Duration patience) {
  if (rate_.per_second == 0) return Duration(0);
  const auto cost = static_cast<std::int64_t>(static_cast<double>(bytes) / rate_.per_second * nanoseconds);
  const auto burst = static_cast<std::int64_t>(rate_.burst / rate_.per_second * nanoseconds);
  const std::int64_t at = Duration(now.time_since_epoch()).count();
  std::int64_t full_at = full_at_.load(std::memory_order_relaxed);
  while (true) {
    const std::int64_t wait = std::max<std::int64_t>(full_at - at - burst, 0);
    if (wait > patience.count()) return std::nullopt;
    const std::int64_t next = std::max(full_at, at) + cost;
    if (full_at_.compare_exchange_weak(full_at, next, std::memory_order_relaxed)) return Duration(wait);
  }
}

std::size_t delivered_size(std::string_view room, const Publication& publication) {
  std::size_t size = overhead + room.size() + publication.data.size();
  if (publication.kind == Publication::Kind::text)
    size += static_cast<std::size_t>(std::ranges::count_if(publication.data, is_escaped_in_json));
  if (const ClientInfo* client_info = publication.client_info.get())
    size += client_info->user.size() + client_info->conn_info.size() + client_info->chan_info.size();
  if (const Tags* tags = publication.tags.get()) size += text_size(tags) + tags->size() * overhead_of_tag;
  return size;
}

Result<PublishPace::Duration> charge(std::string_view room, PublishPace& pace, AddressQuota& quota,
                                     const Publication& publication, PublishPace::TimePoint now,
                                     PublishPace::Duration patience) {
  const auto too_fast = [](const char* who) {
    return failure(Errc::too_fast, std::string(who) + " faster than its limit");
  };
  const std::size_t size = delivered_size(room, publication);
  if (!quota.publish(size, now)) return too_fast("the address publishes");
  const auto wait = pace.take(size, now, quota.may_wait() ? patience : PublishPace::Duration(0));
  if (!wait) return too_fast("the room receives publications");
  return *wait;
}

}  // namespace coroom::detail::limits
