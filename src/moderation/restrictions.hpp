#pragma once

#include "core/network.hpp"

#include <coroom/clock.hpp>
#include <coroom/error.hpp>
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

/// A ruling in the one way that it is written, or what is wrong with it.
Result<Restriction> checked(Restriction restriction, Clock::TimePoint now);

/// The subject of a ruling in the one way that it is written: of networks there are several.
std::string subject_of(Restriction::Kind kind, std::string subject);

/// The rulings of an application, and what follows from them. Pure.
class Restrictions {
 public:
  using Time = Clock::TimePoint;

  /// In place of one of the same kind, subject and room; checked before.
  void put(Restriction restriction);

  /// False: there was none.
  bool remove(Restriction::Kind kind, std::string_view subject, std::string_view room);

  /// Removes some of those whose time is over, more than one is put at a time.
  void forget_some(Time now);

  [[nodiscard]] std::vector<Restriction> all(std::optional<Restriction::Kind> kind, Time now) const;

  /// How many of a kind there are, with those whose time is over and that are not forgotten yet.
  [[nodiscard]] std::size_t count(Restriction::Kind kind) const;

  [[nodiscard]] bool ban(std::string_view user, Time now) const;
  [[nodiscard]] bool ban(const boost::asio::ip::address& address, Time now) const;
  [[nodiscard]] bool mute(std::string_view user, std::string_view room, Time now) const;
  [[nodiscard]] bool revoke(std::string_view user, const TokenTrace& token, Time now) const;

  /// Of a room that is ruled to be slow; or not to be.
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

  /// One that holds now; nullptr: there is none.
  [[nodiscard]] const Restriction* find(const Key& key, Time now) const;
  void count(const Restriction& restriction, int change);

  Index index_;
  std::map<Restriction::Kind, std::size_t> counts_;
  std::map<PrefixLength, std::size_t> lengths_;  // of the banned networks: an address is looked up by each
};

/// Whether a token is one of those that a user's revocation is about.
bool is_revoked_by(const Restriction& restriction, const TokenTrace& token);

}  // namespace coroom::detail::moderation
