#pragma once

#include "core/network.hpp"
#include "http/response.hpp"

#include <boost/asio/ip/address.hpp>

#include <string>
#include <utility>
#include <vector>

namespace coroom::detail::http {

/// Whose word about a client's address counts (Tornado: xheaders and trusted_downstream).
class TrustedProxies {
 public:
  TrustedProxies() = default;  ///< nobody's
  explicit TrustedProxies(std::vector<Network> networks) : networks_(std::move(networks)) {}

  /// The address of the client behind a request: the socket's peer, or, where that is a trusted proxy, the
  /// last address in X-Forwarded-For that is no trusted proxy itself, or else X-Real-IP. Where what the proxy
  /// tells is no address, the client is nobody we know, 0.0.0.0, and not the proxy, which has no limits.
  [[nodiscard]] boost::asio::ip::address client_of(const Request& request) const;

  /// What the client spoke, `http` or `https`: the socket's own, or, where its peer is a trusted proxy, what
  /// that says in X-Scheme or X-Forwarded-Proto.
  [[nodiscard]] std::string protocol_of(const Request& request) const;

 private:
  [[nodiscard]] bool trusts(const boost::asio::ip::address& address) const;

  std::vector<Network> networks_;
};

/// An IPv4 client of a socket that listens on `::` has an IPv6 address that holds its own (RFC 4291
/// section 2.5.5.2); this gives its own.
boost::asio::ip::address unmapped(const boost::asio::ip::address& address);

}  // namespace coroom::detail::http
