#include "core/host.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <optional>
#include <string>

namespace coroom::detail {
namespace {

using boost::asio::ip::address;
using boost::asio::ip::tcp;

constexpr std::string_view digits = "0123456789";
constexpr std::size_t longest_name = 253;  // characters (RFC 1035 section 2.3.4)

std::optional<address> parse(std::string_view host) {
  const bool brackets = host.starts_with('[') && host.ends_with(']');
  if (brackets) host = host.substr(1, host.size() - 2);
  boost::system::error_code ec;
  const address parsed = boost::asio::ip::make_address(std::string(host), ec);
  return ec || (brackets && !parsed.is_v6()) ? std::nullopt : std::optional(parsed);
}

bool is_localhost(std::string_view host) {
  return boost::beast::iequals(host, "localhost");
}

/// Rejects a name with a number as its last label, since it would be an invalid IPv4 address (URL Standard,
/// "ends in a number").
bool is_name(std::string_view host) {
  constexpr std::string_view known = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  if (host.empty() || host.size() > longest_name || host.find_first_not_of(known) != host.npos) return false;
  if (host.ends_with('.')) host.remove_suffix(1);  // the DNS root
  if (host.empty() || host.starts_with('.') || host.starts_with('-') || host.find("..") != host.npos)
    return false;
  const std::size_t dot = host.rfind('.');
  const std::string_view last = dot == host.npos ? host : host.substr(dot + 1);
  return last.find_first_not_of(digits) != last.npos;
}

}  // namespace

Result<> check_host_name(std::string_view host) {
  if (parse(host) || is_name(host)) return {};
  return failure(Errc::invalid_argument,
                 "'" + std::string(host) + "' is neither an IP address nor a host name");
}

bool is_loopback(std::string_view host) {
  const auto parsed = parse(host);
  return parsed ? parsed->is_loopback() : is_localhost(host);
}

Result<std::vector<address>> addresses_of(std::string_view host) {
  if (const auto parsed = parse(host)) return std::vector<address>{*parsed};
  if (is_localhost(host)) {
    return std::vector<address>{boost::asio::ip::address_v4::loopback(),
                                boost::asio::ip::address_v6::loopback()};
  }
  if (auto sound = check_host_name(host); !sound) return tl::unexpected(sound.error());
  boost::asio::io_context context;
  boost::system::error_code ec;
  const auto found = tcp::resolver(context).resolve(std::string(host), "", tcp::resolver::passive, ec);
  std::vector<address> all;
  for (const auto& entry : found) {
    const address each = entry.endpoint().address();
    if (std::ranges::find(all, each) == all.end()) all.push_back(each);
  }
  if (!ec && !all.empty()) return all;
  return failure(Errc::invalid_argument, "the host name '" + std::string(host) + "' has no address: " +
                                             (ec ? ec.message() : std::string("the resolver returned none")));
}

}  // namespace coroom::detail
