#include "moderation/rulings.hpp"

#include "core/keyed_hash.hpp"

#include <boost/container_hash/hash.hpp>

#include <algorithm>
#include <utility>

namespace coroom::detail::moderation {
namespace {

using Kind = Ruling::Kind;

constexpr int forgotten_at_a_time = 16;

}  // namespace

Result<Ruling> checked(Ruling ruling, Clock::TimePoint now) {
  if (ruling.subject.empty()) return failure("a ruling needs a subject");
  if (ruling.until && *ruling.until <= now) return failure("the end of the ruling is in the past");
  if (ruling.interval.count() < 0) return failure("the interval between publications must not be negative");
  if (ruling.kind == Kind::network_ban && !Network::parse(ruling.subject))
    return failure("'" + ruling.subject +
                   "' is not an address or a network such as 192.0.2.0/24 or 2001:db8::/64");
  ruling.subject = subject_of(ruling.kind, std::move(ruling.subject));
  if (ruling.kind != Kind::mute) ruling.room.clear();
  ruling.since = now;
  return ruling;
}

std::string subject_of(Kind kind, std::string subject) {
  const auto network = kind == Kind::network_ban ? Network::parse(subject) : std::nullopt;
  return network ? network->text() : std::move(subject);
}

bool is_revoked_by(const Ruling& ruling, const TokenTrace& token) {
  return !token.issued || *token.issued < ruling.before;
}

std::size_t Rulings::Hash::operator()(const Key& key) const {
  std::size_t hash = keyed_hash(key.subject);
  boost::hash_combine(hash, keyed_hash(key.room));
  boost::hash_combine(hash, static_cast<int>(key.kind));
  return hash;
}

void Rulings::put(Ruling ruling) {
  remove(ruling.kind, ruling.subject, ruling.room);
  count(ruling, 1);
  index_.insert(std::move(ruling));
}

bool Rulings::remove(Kind kind, std::string_view subject, std::string_view room) {
  const auto found = index_.find(Key{kind, subject, room});
  if (found == index_.end()) return false;
  count(*found, -1);
  index_.erase(found);
  return true;
}

void Rulings::forget_some(Time now) {
  auto& by_end = index_.get<1>();
  for (int gone = 0; gone != forgotten_at_a_time && !by_end.empty(); ++gone) {
    const auto first = by_end.begin();
    if (end_of(*first) > now) return;
    count(*first, -1);
    by_end.erase(first);
  }
}

std::vector<Ruling> Rulings::all(std::optional<Kind> kind, Time now) const {
  std::vector<Ruling> found;
  for (const Ruling& ruling : index_) {
    if ((!kind || ruling.kind == *kind) && end_of(ruling) > now) found.push_back(ruling);
  }
  std::ranges::sort(found, {}, [](const Ruling& ruling) {
    return std::tuple(ruling.since, ruling.kind, std::string_view(ruling.subject),
                      std::string_view(ruling.room));
  });
  return found;
}

std::size_t Rulings::count(Kind kind) const {
  const auto found = counts_.find(kind);
  return found == counts_.end() ? 0 : found->second;
}

void Rulings::count(const Ruling& ruling, int change) {
  const auto add = [change](auto& counts, const auto& key) {
    auto& number = counts[key];
    number += static_cast<std::size_t>(change);  // down as well: it wraps around
    if (number == 0) counts.erase(key);
  };
  add(counts_, ruling.kind);
  if (ruling.kind != Kind::network_ban) return;
  if (const auto network = Network::parse(ruling.subject)) add(lengths_, network->length());
}

const Ruling* Rulings::find(const Key& key, Time now) const {
  const auto found = index_.find(key);
  return found == index_.end() || end_of(*found) <= now ? nullptr : &*found;
}

bool Rulings::ban(std::string_view user, Time now) const {
  return find({Kind::user_ban, user, {}}, now) != nullptr;
}

bool Rulings::ban(const boost::asio::ip::address& address, Time now) const {
  return std::ranges::any_of(lengths_, [&](const auto& length) {
    const auto network = Network::around(address, length.first);
    return network && find({Kind::network_ban, network->text(), {}}, now) != nullptr;
  });
}

bool Rulings::mute(std::string_view user, std::string_view room, Time now) const {
  return find({Kind::mute, user, {}}, now) != nullptr || find({Kind::mute, user, room}, now) != nullptr;
}

bool Rulings::revoke(std::string_view user, const TokenTrace& token, Time now) const {
  if (!token.id.empty() && find({Kind::token_revocation, token.id, {}}, now) != nullptr) return true;
  const Ruling* of_user = find({Kind::user_revocation, user, {}}, now);
  return of_user != nullptr && is_revoked_by(*of_user, token);
}

std::optional<std::chrono::milliseconds> Rulings::interval_of(std::string_view room, Time now) const {
  const Ruling* ruling = find({Kind::slow_mode, room, {}}, now);
  return ruling == nullptr ? std::nullopt : std::optional(ruling->interval);
}

}  // namespace coroom::detail::moderation
