// Networks of moderators and of --trust-proxy, and restrictions. The input: lines with `+SUBJECT` to ban it,
// `-SUBJECT` to lift the ban, and otherwise the address or the user of a connection.
#include "fuzz/require.hpp"
#include "fuzz/text.hpp"
#include "fuzz/try_input.hpp"
#include "moderation/restrictions.hpp"

#include <coroom/network.hpp>
#include <coroom/restriction.hpp>

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coroom::fuzz {
namespace {

namespace ip = boost::asio::ip;

constexpr Clock::TimePoint now(std::chrono::seconds(1000));

std::vector<bool> bits(const auto& bytes, std::size_t count) {
  std::vector<bool> all;
  for (std::size_t bit = 0; bit != count; ++bit) all.push_back((bytes[bit / 8] >> (7 - bit % 8) & 1) != 0);
  return all;
}

/// Compares the address bit by bit with the text of the network.
bool contains(const std::string& network, const ip::address& address) {
  const std::size_t slash = network.find('/');
  const ip::address base = ip::make_address(network.substr(0, slash));
  const ip::address inside = unmapped(address);
  if (base.is_v4() != inside.is_v4()) return false;
  const std::size_t all = base.is_v4() ? 32 : 128;
  const std::size_t length = slash == std::string::npos ? all : std::stoul(network.substr(slash + 1));
  if (base.is_v4()) return bits(base.to_v4().to_bytes(), length) == bits(inside.to_v4().to_bytes(), length);
  return bits(base.to_v6().to_bytes(), length) == bits(inside.to_v6().to_bytes(), length);
}

/// A model of Restrictions that compares each ban.
class Bans {
 public:
  void ban(std::string_view subject) {
    put(Restriction::ban_user(std::string(subject)));
    if (put(Restriction::ban_network(std::string(subject))))
      networks_[Network::parse(subject)->text()] = true;
    users_[std::string(subject)] = !subject.empty();
  }

  void lift(std::string_view subject) {
    const std::string text(subject);
    const bool was_banned = users_.erase(text) != 0 && !text.empty();
    require(restrictions_.remove(Restriction::Kind::user_ban, subject, {}) == was_banned,
            "an existing ban is lifted");
    const std::string network = detail::moderation::subject_of(Restriction::Kind::network_ban, text);
    require(
        restrictions_.remove(Restriction::Kind::network_ban, network, {}) == (networks_.erase(network) != 0),
        "an existing ban of a network is lifted");
  }

  void check(std::string_view subject) {
    const auto user = users_.find(std::string(subject));
    require(restrictions_.ban(subject, now) == (user != users_.end() && user->second),
            "a banned user is rejected");
    boost::system::error_code ec;
    const ip::address address = ip::make_address(std::string(subject), ec);
    if (ec) return;
    const bool banned =
        std::ranges::any_of(networks_, [&](const auto& one) { return contains(one.first, address); });
    require(restrictions_.ban(address, now) == banned, "an address in a banned network is rejected");
    for (const auto& [text, _] : networks_) {
      const auto network = Network::parse(text);
      require(network && network->text() == text, "a network has one canonical form");
      require(network->contains(address) == contains(text, address),
              "it contains the addresses with its prefix");
    }
  }

 private:
  bool put(Restriction restriction) {
    const bool of_network = restriction.kind == Restriction::Kind::network_ban;
    const std::string subject = restriction.subject;
    auto checked = detail::moderation::checked(std::move(restriction), now);
    if (!checked) return false;
    require(!of_network || Network::parse(subject).has_value(), "both parsers accept the network");
    restrictions_.put(*std::move(checked));
    return true;
  }

  detail::moderation::Restrictions restrictions_;
  std::map<std::string, bool> users_;
  std::map<std::string, bool> networks_;
};

}  // namespace

int try_input(const std::uint8_t* data, std::size_t size) {
  std::string_view text = text_of(data, size);
  Bans bans;
  while (!text.empty()) {
    const std::string_view line = take_until(text, '\n');
    if (line.starts_with('+')) {
      bans.ban(line.substr(1));
    } else if (line.starts_with('-')) {
      bans.lift(line.substr(1));
    } else {
      bans.check(line);
    }
  }
  return 0;
}

}  // namespace coroom::fuzz
