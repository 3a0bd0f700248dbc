#include "moderation/restrictions.hpp"

#include "core/keyed_hash.hpp"

#include <boost/container_hash/hash.hpp>

#include <algorithm>
#include <utility>

namespace coroom::detail::moderation {
namespace {

using Kind = Restriction::Kind;

constexpr int forgotten_at_a_time = 16;

}  // namespace

Result<Restriction> checked(Restriction restriction, Clock::TimePoint now) {
  if (restriction.subject.empty()) return failure(Errc::invalid_argument, "a restriction needs a subject");
  if (restriction.until && *restriction.until <= now)
    return failure(Errc::invalid_argument, "the end of the restriction is in the past");
  if (restriction.interval.count() < 0)
    return failure(Errc::invalid_argument, "the interval between publications must not be negative");
  if (restriction.kind == Kind::network_ban && !Network::parse(restriction.subject))
    return failure(
        Errc::invalid_argument,
        "'" + restriction.subject + "' is not an address or a network such as 192.0.2.0/24 or 2001:db8::/64");
  restriction.subject = subject_of(restriction.kind, std::move(restriction.subject));
  if (restriction.kind != Kind::mute) restriction.room.clear();
  restriction.since = now;
  return restriction;
}

std::string subject_of(Kind kind, std::string subject) {
  const auto network = kind == Kind::network_ban ? Network::parse(subject) : std::nullopt;
  return network ? network->text() : std::move(subject);
}

bool is_revoked_by(const Restriction& restriction, const TokenTrace& token) {
  return !token.issued || *token.issued < restriction.before;
}

std::size_t Restrictions::Hash::operator()(const Key& key) const {
  std::size_t hash = detail::keyed_hash(key.subject);
  boost::hash_combine(hash, detail::keyed_hash(key.room));
  boost::hash_combine(hash, static_cast<int>(key.kind));
  return hash;
}

void Restrictions::put(Restriction restriction) {
  remove(restriction.kind, restriction.subject, restriction.room);
  count(restriction, 1);
  index_.insert(std::move(restriction));
}

bool Restrictions::remove(Kind kind, std::string_view subject, std::string_view room) {
  const auto found = index_.find(Key{kind, subject, room});
  if (found == index_.end()) return false;
  count(*found, -1);
  index_.erase(found);
  return true;
}

void Restrictions::forget_some(Time now) {
  auto& by_end = index_.get<1>();
  for (int gone = 0; gone != forgotten_at_a_time && !by_end.empty(); ++gone) {
    const auto first = by_end.begin();
    if (end_of(*first) > now) return;
    count(*first, -1);
    by_end.erase(first);
  }
}

std::vector<Restriction> Restrictions::all(std::optional<Kind> kind, Time now) const {
  std::vector<Restriction> found;
  for (const Restriction& restriction : index_) {
    if ((!kind || restriction.kind == *kind) && end_of(restriction) > now) found.push_back(restriction);
  }
  std::ranges::sort(found, {}, [](const Restriction& restriction) {
    return std::tuple(restriction.since, restriction.kind, std::string_view(restriction.subject),
                      std::string_view(restriction.room));
  });
  return found;
}

std::size_t Restrictions::count(Kind kind) const {
  const auto found = counts_.find(kind);
  return found == counts_.end() ? 0 : found->second;
}

void Restrictions::count(const Restriction& restriction, int change) {
  const auto add = [change](auto& counts, const auto& key) {
    auto& number = counts[key];
    number += static_cast<std::size_t>(change);  // wraps around if negative
    if (number == 0) counts.erase(key);
  };
  add(counts_, restriction.kind);
  if (restriction.kind != Kind::network_ban) return;
  if (const auto network = Network::parse(restriction.subject)) add(lengths_, network->length());
}

const Restriction* Restrictions::find(const Key& key, Time now) const {
  const auto found = index_.find(key);
  return found == index_.end() || end_of(*found) <= now ? nullptr : &*found;
}

bool Restrictions::ban(std::string_view user, Time now) const {
  return find({Kind::user_ban, user, {}}, now) != nullptr;
}

bool Restrictions::ban(const boost::asio::ip::address& address, Time now) const {
  return std::ranges::any_of(lengths_, [&](const auto& length) {
    const auto network = Network::around(address, length.first);
    return network && find({Kind::network_ban, network->text(), {}}, now) != nullptr;
  });
}

bool Restrictions::mute(std::string_view user, std::string_view room, Time now) const {
  return find({Kind::mute, user, {}}, now) != nullptr || find({Kind::mute, user, room}, now) != nullptr;
}

bool Restrictions::revoke(std::string_view user, const TokenTrace& token, Time now) const {
  if (!token.id.empty() && find({Kind::token_revocation, token.id, {}}, now) != nullptr) return true;
  const Restriction* of_user = find({Kind::user_revocation, user, {}}, now);
  return of_user != nullptr && is_revoked_by(*of_user, token);
}

std::optional<std::chrono::milliseconds> Restrictions::interval_of(std::string_view room, Time now) const {
  const Restriction* restriction = find({Kind::slow_mode, room, {}}, now);
  return restriction == nullptr ? std::nullopt : std::optional(restriction->interval);
}

}  // namespace coroom::detail::moderation
