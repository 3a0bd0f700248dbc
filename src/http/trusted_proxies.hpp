#pragma once

#include "http/response.hpp"

#include <coroom/network.hpp>

#include <boost/asio/ip/address.hpp>

#include <string>
#include <utility>
#include <vector>

namespace coroom::detail::http {

/// The proxies whose header fields determine a client's address (Tornado: xheaders and trusted_downstream).
class TrustedProxies {
 public:
  TrustedProxies() = default;  ///< no trusted proxies
  explicit TrustedProxies(std::vector<Network> networks) : networks_(std::move(networks)) {}

  /// Returns the address of the client of a request: the socket's peer, unless the peer is a trusted proxy.
  /// In that case it is the last address in X-Forwarded-For that is not a trusted proxy, or the address in
  /// X-Real-IP if there is no X-Forwarded-For. If all addresses in X-Forwarded-For are trusted, it is the
  /// peer. If such a field holds an invalid address, returns 0.0.0.0 for an unknown client, since the proxy
  /// itself may be exempt from limits.
  [[nodiscard]] boost::asio::ip::address client_of(const Request& request) const;

  /// Returns the protocol that the client used, `http` or `https`. It is that of the socket, or the one in
  /// X-Scheme or X-Forwarded-Proto if the peer is a trusted proxy.
  [[nodiscard]] std::string protocol_of(const Request& request) const;

 private:
  [[nodiscard]] bool trusts(const boost::asio::ip::address& address) const;

  std::vector<Network> networks_;
};

}  // namespace coroom::detail::http
