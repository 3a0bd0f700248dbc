#include "http/trusted_proxies.hpp"

#include "core/grammar.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace coroom::detail::http {
namespace {

namespace ip = boost::asio::ip;

/// Removes the port, which some proxies append: 192.0.2.1:5000, [2001:db8::1]:5000.
std::string_view without_port(std::string_view text) {
  if (text.starts_with('[')) return text.substr(1, std::min(text.find(']'), text.size()) - 1);
  return std::ranges::count(text, ':') == 1 ? text.substr(0, text.find(':')) : text;
}

std::optional<ip::address> parse_address(std::string_view text) {
  boost::system::error_code ec;
  const auto address = ip::make_address(std::string(without_port(detail::trimmed(text))), ec);
  if (ec) return std::nullopt;
  return unmapped(address);
}

/// All clients with unknown addresses share this one.
ip::address unknown_client() {
  return ip::address_v4::any();
}

}  // namespace

ip::address TrustedProxies::client_of(const Request& request) const {
  ip::address peer = unmapped(request.peer);
  if (!trusts(peer)) return peer;
  const std::string forwarded = request.headers.list("X-Forwarded-For");
  std::string_view rest = forwarded;
  // From right to left: each proxy appends the address that it saw, so the first untrusted address is the
  // client. The addresses left of it may be forged.
  while (!rest.empty()) {
    const std::size_t comma = rest.rfind(',');
    const auto address = parse_address(comma == std::string_view::npos ? rest : rest.substr(comma + 1));
    if (!address) return unknown_client();
    if (!trusts(*address)) return *address;
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(0, comma);
  }
  // A proxy that uses X-Forwarded-For may pass on a forged X-Real-IP of the client.
  if (!forwarded.empty()) return peer;
  if (const auto real = request.headers.get("X-Real-IP")) {
    return parse_address(*real).value_or(unknown_client());
  }
  return peer;
}

std::string TrustedProxies::protocol_of(const Request& request) const {
  if (!trusts(unmapped(request.peer))) return request.protocol;
  for (const char* name : {"X-Scheme", "X-Forwarded-Proto"}) {
    const std::vector<std::string> protocols = request.headers.tokens(name);
    if (protocols.empty()) continue;
    const std::string& last = protocols.back();  // set by the nearest proxy
    return last == "http" || last == "https" ? last : request.protocol;
  }
  return request.protocol;
}

bool TrustedProxies::trusts(const ip::address& address) const {
  return any_contains(networks_, address);
}

}  // namespace coroom::detail::http
