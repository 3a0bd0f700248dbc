#include "limits/slow_mode_pacer.hpp"

#include "core/keyed_hash.hpp"

#include <boost/container_hash/hash.hpp>

#include <algorithm>

namespace coroom::detail::limits {
namespace {

constexpr std::size_t few = 64;  // entries; too few for a sweep

/// Returns the bytes of the client ID.
std::string_view name_of(const boost::uuids::uuid& client) {
  return {reinterpret_cast<const char*>(client.data), client.size()};
}

}  // namespace

std::size_t SlowModePacer::Hash::operator()(const View& view) const {
  std::size_t hash = detail::keyed_hash(view.room);
  boost::hash_combine(hash, detail::keyed_hash(view.speaker));
  return hash;
}

bool SlowModePacer::admit(std::string_view room, const ClientInfo& who, std::chrono::milliseconds interval,
                          Clock::TimePoint now) {
  const bool is_user = !who.user.empty();
  const View view(room, is_user ? std::string_view(who.user) : name_of(who.client_id), is_user);
  const Spoken spoken{now, interval};
  const auto found = spoken_.find(view);
  if (found != spoken_.end()) {
    const bool over = Spoken{found->second.at, interval}.is_over(now);
    if (over) found->second = spoken;
    return over;
  }
  if (spoken_.size() >= std::max(sweep_at_, few)) sweep(now);
  spoken_.emplace(Key{std::string(view.room), std::string(view.speaker), is_user}, spoken);
  return true;
}

void SlowModePacer::sweep(Clock::TimePoint now) {
  std::erase_if(spoken_, [now](const auto& registration) { return registration.second.is_over(now); });
  sweep_at_ = 2 * spoken_.size();
}

}  // namespace coroom::detail::limits
