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

namespace coroom {

/// The length of a network's prefix.
struct PrefixLength {
  bool v4 = true;
  unsigned short bits = 32;

  auto operator<=>(const PrefixLength&) const = default;
};

/// A range of IP addresses with a common prefix. An IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2)
/// equals its IPv4 address, and zones are ignored.
class Network {
 public:
  /// Parses `192.0.2.1`, `192.0.2.0/24` or `2001:db8::/64`. Returns nullopt for any other text.
  static std::optional<Network> parse(std::string_view text);

  /// Returns the network of this length that contains an address. Returns nullopt if the address is of the
  /// other IP version.
  static std::optional<Network> around(const boost::asio::ip::address& address, PrefixLength length);

  [[nodiscard]] PrefixLength length() const;
  [[nodiscard]] bool contains(const boost::asio::ip::address& address) const;

  /// Returns the unique text of the network. That of a single address has no prefix length.
  [[nodiscard]] std::string text() const;

 private:
  explicit Network(const boost::asio::ip::network_v4& range) : range_(range.canonical()) {}
  explicit Network(const boost::asio::ip::network_v6& range) : range_(range.canonical()) {}

  std::variant<boost::asio::ip::network_v4, boost::asio::ip::network_v6> range_;
};

/// Returns whether any of the networks contains the address.
[[nodiscard]] bool any_contains(const std::vector<Network>& networks,
                                const boost::asio::ip::address& address);

/// Returns the IPv4 address of an IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2), as IPv4 clients have
/// on a socket that listens on `::`. Returns other addresses unchanged.
[[nodiscard]] boost::asio::ip::address unmapped(const boost::asio::ip::address& address);

/// Returns the address under which limits count an address. For IPv6 it is that of the /64 network, which a
/// provider usually assigns to one customer. An IPv4-mapped address counts as its IPv4 address.
[[nodiscard]] boost::asio::ip::address customer_of(const boost::asio::ip::address& address);

/// Parses each text with Network::parse().
///
/// Errors: a text is invalid. The message names the first one.
[[nodiscard]] Result<std::vector<Network>> parse_networks(const std::vector<std::string>& texts);

}  // namespace coroom
