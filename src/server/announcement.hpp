#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <vector>

namespace coroom::server {

using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

/// Returns a URL at which a browser on this machine reaches the server. Returns `localhost` only if the
/// server listens on every address that this name may resolve to.
std::string address_to_open(const Endpoints& endpoints, bool tls);

/// Returns whether only this machine reaches the endpoints.
bool is_loopback(const Endpoints& endpoints);

}  // namespace coroom::server
