#include <coroom/network.hpp>

#include <algorithm>

namespace coroom {
namespace {

namespace ip = boost::asio::ip;

constexpr unsigned short whole_v4 = 32;
constexpr unsigned short whole_v6 = 128;
constexpr unsigned short mapping = whole_v6 - whole_v4;  // length of the prefix before a mapped IPv4 address

/// Returns the address without its zone, and an IPv4-mapped one as IPv4.
ip::address plain(const ip::address& address) {
  if (address.is_v4()) return address;
  const ip::address_v6 v6(address.to_v6().to_bytes());
  if (v6.is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, v6);
  return v6;
}

}  // namespace

std::optional<Network> Network::parse(std::string_view text) {
  boost::system::error_code ec;
  if (text.find('/') == std::string_view::npos) {
    const ip::address address = plain(ip::make_address(std::string(text), ec));
    if (ec) return std::nullopt;
    return around(address, {address.is_v4(), address.is_v4() ? whole_v4 : whole_v6});
  }
  const auto v4 = ip::make_network_v4(std::string(text), ec);
  if (!ec) return Network(v4);
  const auto v6 = ip::make_network_v6(std::string(text), ec);
  if (ec) return std::nullopt;
  const ip::address address = plain(v6.address());
  const unsigned short bits = v6.prefix_length();
  if (!address.is_v4()) return around(address, {false, bits});
  if (bits < mapping) return std::nullopt;  // wider than all of IPv4, and surely a mistake
  return around(address, {true, static_cast<unsigned short>(bits - mapping)});
}

std::optional<Network> Network::around(const ip::address& address, PrefixLength length) {
  const ip::address inside = plain(address);
  if (inside.is_v4() != length.v4) return std::nullopt;
  if (length.v4) return Network(ip::network_v4(inside.to_v4(), length.bits));
  return Network(ip::network_v6(inside.to_v6(), length.bits));
}

PrefixLength Network::length() const {
  return std::visit(
      [this](const auto& range) { return PrefixLength{range_.index() == 0, range.prefix_length()}; }, range_);
}

bool Network::contains(const ip::address& address) const {
  const auto same = around(address, length());
  return same && same->range_ == range_;
}

std::string Network::text() const {
  const auto write = [](const auto& range) {
    return range.is_host() ? range.address().to_string() : range.to_string();
  };
  return std::visit(write, range_);
}

bool any_contains(const std::vector<Network>& networks, const ip::address& address) {
  return std::ranges::any_of(networks, [&](const Network& network) { return network.contains(address); });
}

ip::address unmapped(const ip::address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return ip::make_address_v4(ip::v4_mapped, address.to_v6());
}

ip::address customer_of(const ip::address& address) {
  constexpr unsigned short customer = 64;  // bits
  const ip::address known = plain(address);
  return known.is_v4() ? known : ip::network_v6(known.to_v6(), customer).canonical().address();
}

Result<std::vector<Network>> parse_networks(const std::vector<std::string>& texts) {
  std::vector<Network> networks;
  for (const std::string& text : texts) {
    const auto network = Network::parse(text);
    if (!network)
      return failure(Errc::invalid_argument,
                     "'" + text + "' is not a network such as 10.0.0.0/8 or fd00::/8");
    networks.push_back(*network);
  }
  return networks;
}

}  // namespace coroom
