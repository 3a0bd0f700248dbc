#pragma once

#include <coroom/error.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace coroom::detail {

/// How long the part of an address is that all of a network have in common.
struct PrefixLength {
  bool v4 = true;
  unsigned short bits = 32;

  auto operator<=>(const PrefixLength&) const = default;
};

/// The addresses that begin alike. Those of IPv4 are the same when they are written as IPv6 (RFC 4291 section
/// 2.5.5.2), and zones do not matter.
class Network {
 public:
  /// `192.0.2.1`, `192.0.2.0/24`, `2001:db8::/64`; nullopt for anything else.
  static std::optional<Network> parse(std::string_view text);

  /// The one of this length that an address is in; nullopt if it is of the other kind.
  static std::optional<Network> around(const boost::asio::ip::address& address, PrefixLength length);

  [[nodiscard]] PrefixLength length() const;
  [[nodiscard]] bool contains(const boost::asio::ip::address& address) const;

  /// There is one for each network. A single address has no length.
  [[nodiscard]] std::string text() const;

 private:
  explicit Network(const boost::asio::ip::network_v4& range) : range_(range.canonical()) {}
  explicit Network(const boost::asio::ip::network_v6& range) : range_(range.canonical()) {}

  std::variant<boost::asio::ip::network_v4, boost::asio::ip::network_v6> range_;
};

/// Whether the address is in any of these.
[[nodiscard]] bool any_contains(const std::vector<Network>& networks,
                                const boost::asio::ip::address& address);

/// The address that limits count an address as: of IPv6 that of its network of 64 bits, which is what one
/// customer of a provider is given. An address of IPv4 written as IPv6 is the one of IPv4.
boost::asio::ip::address customer_of(const boost::asio::ip::address& address);

/// Each as Network::parse has it. Fails on anything else, naming it.
Result<std::vector<Network>> parse_networks(const std::vector<std::string>& texts);

}  // namespace coroom::detail
