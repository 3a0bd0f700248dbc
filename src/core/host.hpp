#pragma once

#include <coroom/error.hpp>

#include <boost/asio/ip/address.hpp>

#include <string_view>
#include <vector>

namespace coroom::detail {

/// Fails for text that is neither an IP address, of IPv6 in brackets too, nor spelled like a host name.
Result<> check_host_name(std::string_view host);

/// Returns whether a host is this machine alone: "localhost" or a loopback address. Other names count as no.
bool is_loopback(std::string_view host);

/// Returns the addresses that a host to listen on stands for: an IP address itself, "localhost" both loopback
/// addresses, that of IPv4 first (RFC 6761 section 6.3: no resolver is asked), and another name what the
/// system's resolver says, for which it blocks. Never empty.
Result<std::vector<boost::asio::ip::address>> addresses_of(std::string_view host);

}  // namespace coroom::detail
