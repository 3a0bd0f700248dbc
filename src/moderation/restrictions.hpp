#pragma once

#include <coroom/clock.hpp>
#include <coroom/error.hpp>
#include <coroom/network.hpp>
#include <coroom/restriction.hpp>
#include <coroom/token_verifier.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/multi_index/global_fun.hpp>
#include <boost/multi_index/hashed_index.hpp>
#include <boost/multi_index/ordered_index.hpp>
#include <boost/multi_index_container.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coroom::detail::moderation {

/// Returns a restriction in canonical form; fails if it is invalid.
Result<Restriction> checked(Restriction restriction, Clock::TimePoint now);

/// Returns the subject of a restriction in canonical form: a network can be written in several ways.
std::string subject_of(Restriction::Kind kind, std::string subject);

/// The restrictions of an application, and the decisions based on them. Pure.
class Restrictions {
 public:
  using Time = Clock::TimePoint;

  /// Adds a checked restriction; replaces one of the same kind, subject and room.
  void put(Restriction restriction);

  /// Returns false if there is no such restriction.
  bool remove(Restriction::Kind kind, std::string_view subject, std::string_view room);

  /// Removes some expired restrictions. It removes more at a time than put() adds, so that they cannot pile
  /// up.
  void forget_some(Time now);

  [[nodiscard]] std::vector<Restriction> all(std::optional<Restriction::Kind> kind, Time now) const;

  /// Returns the number of restrictions of a kind, including expired ones that are not yet removed.
  [[nodiscard]] std::size_t count(Restriction::Kind kind) const;

  [[nodiscard]] bool ban(std::string_view user, Time now) const;
  [[nodiscard]] bool ban(const boost::asio::ip::address& address, Time now) const;
  [[nodiscard]] bool mute(std::string_view user, std::string_view room, Time now) const;
  [[nodiscard]] bool revoke(std::string_view user, const TokenTrace& token, Time now) const;

  /// Returns the interval of the room's slow mode (0: none); nullopt if no restriction sets it.
  [[nodiscard]] std::optional<std::chrono::milliseconds> interval_of(std::string_view room, Time now) const;

 private:
  struct Key {
    Restriction::Kind kind;
    std::string_view subject;
    std::string_view room;

    bool operator==(const Key&) const = default;
  };

  static Key key_of(const Restriction& restriction) {
    return {restriction.kind, restriction.subject, restriction.room};
  }
  static Time end_of(const Restriction& restriction) { return restriction.until.value_or(Time::max()); }

  struct Hash {
    std::size_t operator()(const Key& key) const;
  };

  // NOLINTNEXTLINE(readability-identifier-naming): the library's own way
  using Index = boost::multi_index_container<
      Restriction, boost::multi_index::indexed_by<
                       boost::multi_index::hashed_unique<
                           boost::multi_index::global_fun<const Restriction&, Key, &key_of>, Hash>,
                       boost::multi_index::ordered_non_unique<
                           boost::multi_index::global_fun<const Restriction&, Time, &end_of>>>>;

  /// Returns the restriction with this key if it has not expired; otherwise nullptr.
  [[nodiscard]] const Restriction* find(const Key& key, Time now) const;
  void count(const Restriction& restriction, int change);

  Index index_;
  std::map<Restriction::Kind, std::size_t> counts_;
  std::map<PrefixLength, std::size_t> lengths_;  // of banned networks: a lookup tries each length
};

/// Returns whether the revocation of a user applies to a token.
bool is_revoked_by(const Restriction& restriction, const TokenTrace& token);

}  // namespace coroom::detail::moderation
