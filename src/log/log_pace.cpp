#include "log/log_pace.hpp"

#include <coroom/network.hpp>

#include <boost/asio/ip/address.hpp>

#include <functional>
#include <span>

namespace coroom::detail::log {
namespace {

constexpr std::size_t most_events = 256;  // event names are fixed; any more events share one rate
constexpr std::size_t address_slots = 64;
constexpr double share_of_an_address = 0.25;

limits::Rate share_of(const limits::Rate& rate) {
  return {rate.per_second * share_of_an_address, rate.burst * share_of_an_address};
}

/// Returns the number that stands for an address: of IPv6 its first 64 bits, which identify the customer.
std::uint64_t network_of(std::string_view peer) {
  boost::system::error_code ec;
  const auto address = boost::asio::ip::make_address(std::string(peer), ec);
  if (ec) return std::hash<std::string_view>{}(peer);
  const auto customer = customer_of(address);
  if (customer.is_v4()) return customer.to_v4().to_uint();
  const auto bytes = customer.to_v6().to_bytes();
  std::uint64_t network = 0;
  for (const unsigned char byte : std::span(bytes).first(sizeof(network))) network = network << 8U | byte;
  return network;
}

/// The finalizer of SplitMix64.
std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31U);
}

}  // namespace

LogPace::EventLimit::EventLimit(const limits::Rate& all, const limits::Rate& address, TimePoint now)
    : bucket(all, now), addresses(address_slots, limits::TokenBucket(address, now)) {}

LogPace::LogPace(std::size_t lines_per_second, std::uint64_t secret)
    : all_(limits::Rate::with_ten_seconds_at_once(lines_per_second)),
      address_(share_of(all_)),
      secret_(secret) {}

bool LogPace::admits(std::string_view event, std::string_view peer, TimePoint now) {
  if (all_.per_second == 0) return true;
  EventLimit& of_event = event_of(event, now);
  if (take(of_event, peer, now)) return true;
  ++of_event.suppressed;
  ++suppressed_;
  ++waiting_;
  return false;
}

bool LogPace::take(EventLimit& event, std::string_view peer, TimePoint now) const {
  if (event.bucket.left(all_, now) < 1) return false;
  if (!peer.empty()) {
    limits::TokenBucket& address = event.addresses.at(mixed(network_of(peer) ^ secret_) % address_slots);
    if (address.left(address_, now) < 1) return false;
    address.take(address_, 1, now, 0);
  }
  event.bucket.take(all_, 1, now, 0);
  return true;
}

std::vector<LogPace::Suppressed> LogPace::take_suppressed() {
  std::vector<Suppressed> all;
  for (auto& [name, event] : events_) {
    if (event.suppressed == 0) continue;
    all.push_back({name, event.suppressed});
    event.suppressed = 0;
  }
  waiting_ = 0;
  return all;
}

LogPace::EventLimit& LogPace::event_of(std::string_view name, TimePoint now) {
  const auto found = events_.find(name);
  if (found != events_.end()) return found->second;
  const std::string key(events_.size() < most_events ? name : std::string_view("others"));
  return events_.try_emplace(key, all_, address_, now).first->second;
}

}  // namespace coroom::detail::log
