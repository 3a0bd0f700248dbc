#include "server/guest_pace.hpp"

#include "core/keyed_hash.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace coroom::server {
namespace {

constexpr std::size_t few = 1024;          // budgets; fewer are not worth a sweep
constexpr std::size_t one_message = 1024;  // bytes; a room keeps 8 MiB, so a longer message pushes out more

}  // namespace

GuestPace::GuestPace(const Limits& limits, std::vector<Network> exempt)
    : user_rate_(detail::limits::Rate::with_ten_seconds_at_once(limits.user)),
      address_rate_(detail::limits::Rate::with_ten_seconds_at_once(limits.address)),
      exempt_(std::move(exempt)) {}

bool GuestPace::limits(const ClientInfo& client_info) const {
  return client_info.is_anonymous() && (user_rate_.per_second != 0 || address_rate_.per_second != 0);
}

GuestPace::Verdict GuestPace::take(const ClientInfo& client_info, const RoomInfo& room, std::size_t bytes,
                                   detail::limits::TokenBucket::TimePoint now) {
  if (!limits(client_info)) return Verdict::allowed;
  const bool counts_user = user_rate_.per_second != 0 && !client_info.user.empty();
  bool counts_address = address_rate_.per_second != 0 && room.keeps_history;
  boost::asio::ip::address address;
  if (counts_address) {
    boost::system::error_code ec;
    address = boost::asio::ip::make_address(client_info.address, ec);
    counts_address = !ec && !is_exempt(address);
  }
  if (!counts_user && !counts_address) return Verdict::allowed;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (budgets_.size() >= std::max(sweep_at_, few)) sweep(now);
  detail::limits::TokenBucket* user = nullptr;
  detail::limits::TokenBucket* shared = nullptr;
  if (counts_user) user = &bucket_of("user", client_info.user, room.name, user_rate_, now);
  if (counts_address)
    shared = &bucket_of("address", customer_of(address).to_string(), room.name, address_rate_, now);
  // Both budgets are checked first: a refused message costs nothing.
  if (user != nullptr && user->left(user_rate_, now) < 1) return Verdict::too_fast;
  if (shared != nullptr && shared->left(address_rate_, now) < 1) return Verdict::too_fast;
  const auto cost = static_cast<double>(std::max<std::size_t>(1, (bytes + one_message - 1) / one_message));
  if (user != nullptr) user->take(user_rate_, cost, now, cost);
  if (shared != nullptr) shared->take(address_rate_, cost, now, cost);
  return Verdict::allowed;
}

std::size_t GuestPace::size() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return budgets_.size();
}

bool GuestPace::is_exempt(const boost::asio::ip::address& address) const {
  return any_contains(exempt_, address);
}

detail::limits::TokenBucket& GuestPace::bucket_of(std::string_view kind, std::string_view name,
                                                  std::string_view room, const detail::limits::Rate& rate,
                                                  detail::limits::TokenBucket::TimePoint now) {
  std::string key(kind);  // no part has a zero byte
  key.append(1, '\0').append(name).append(1, '\0').append(room);
  return budgets_.try_emplace(detail::keyed_hash(key), rate, now).first->second.bucket;
}

/// Removes full budgets: a full budget equals a new one.
void GuestPace::sweep(detail::limits::TokenBucket::TimePoint now) {
  std::erase_if(budgets_,
                [now](const auto& entry) { return entry.second.bucket.is_full(entry.second.rate, now); });
  sweep_at_ = 2 * budgets_.size();
}

}  // namespace coroom::server
