#pragma once

#include <coroom/error.hpp>

#include <boost/asio/ip/address.hpp>

#include <string_view>
#include <vector>

namespace coroom::detail {

/// Fails for text that is neither an IP address nor has the syntax of a host name. An IPv6 address may be in
/// brackets.
Result<> check_host_name(std::string_view host);

/// Returns whether a host is this machine only: "localhost" or a loopback address. Returns false for other
/// names.
bool is_loopback(std::string_view host);

/// Returns the addresses to listen on for a host. An IP address stands for itself. "localhost" stands for
/// both loopback addresses, IPv4 first, without a query to the resolver (RFC 6761 section 6.3). For another
/// name it blocks while the system's resolver looks it up. The result is never empty.
Result<std::vector<boost::asio::ip::address>> addresses_of(std::string_view host);

}  // namespace coroom::detail
