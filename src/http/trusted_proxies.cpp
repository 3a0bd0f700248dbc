#include "http/trusted_proxies.hpp"

#include <boost/algorithm/string/trim.hpp>

#include <algorithm>
#include <optional>
#include <string_view>
#include <type_traits>

namespace coroom::http {
namespace {

namespace ip = boost::asio::ip;

std::optional<ip::address> parse_address(std::string_view text) {
  boost::system::error_code ec;
  const auto address = ip::make_address(boost::algorithm::trim_copy(std::string(text)), ec);
  if (ec) return std::nullopt;
  return unmapped(address);
}

template <class Addresses>
bool within(const Addresses& range, const auto& address) {
  return range.find(address) != range.end();
}

}  // namespace

ip::address unmapped(const ip::address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return ip::make_address_v4(ip::v4_mapped, address.to_v6());
}

Result<TrustedProxies> TrustedProxies::make(const std::vector<std::string>& networks) {
  TrustedProxies proxies;
  for (const std::string& text : networks) {
    boost::system::error_code ec;
    const bool single = text.find('/') == std::string::npos;
    const auto v4 = ip::make_network_v4(single ? text + "/32" : text, ec);
    if (!ec) {
      proxies.networks_.emplace_back(v4.canonical());
      continue;
    }
    const auto v6 = ip::make_network_v6(single ? text + "/128" : text, ec);
    if (ec) return failure("'" + text + "' is not a network such as 10.0.0.0/8 or fd00::/8");
    proxies.networks_.emplace_back(v6.canonical());
  }
  return proxies;
}

ip::address TrustedProxies::client_of(const Request& request) const {
  ip::address peer = unmapped(request.peer);
  if (!trusts(peer)) return peer;
  const std::string forwarded = request.headers.list("X-Forwarded-For");
  std::string_view rest = forwarded;
  // From the right: each proxy adds whom it saw, so the first stranger is the client. What stands left of it
  // is hearsay.
  while (!rest.empty()) {
    const std::size_t comma = rest.rfind(',');
    const auto address = parse_address(comma == std::string_view::npos ? rest : rest.substr(comma + 1));
    if (!address) break;
    if (!trusts(*address)) return *address;
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(0, comma);
  }
  if (const auto real = request.headers.get("X-Real-IP")) {
    if (const auto address = parse_address(*real)) return *address;
  }
  return peer;
}

std::string TrustedProxies::protocol_of(const Request& request) const {
  if (!trusts(unmapped(request.peer))) return request.protocol;
  for (const char* name : {"X-Scheme", "X-Forwarded-Proto"}) {
    const std::vector<std::string> said = request.headers.tokens(name);
    if (said.empty()) continue;
    const std::string& last = said.back();  // of the proxy next to us
    return last == "http" || last == "https" ? last : request.protocol;
  }
  return request.protocol;
}

bool TrustedProxies::trusts(const ip::address& address) const {
  return std::ranges::any_of(networks_, [&](const Network& network) {
    return std::visit(
        [&](const auto& range) {
          if constexpr (std::is_same_v<std::decay_t<decltype(range)>, ip::network_v4>) {
            return address.is_v4() &&
                   (within(range.hosts(), address.to_v4()) || range.network() == address.to_v4() ||
                    range.broadcast() == address.to_v4());
          } else {
            return address.is_v6() && within(range.hosts(), address.to_v6());
          }
        },
        network);
  });
}

}  // namespace coroom::http
