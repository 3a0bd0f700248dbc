#include "core/grammar.hpp"

#include <coroom/origin.hpp>

#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace coroom {
namespace {

constexpr std::string_view digits = "0123456789";

std::string_view default_port(std::string_view scheme) {
  return scheme == "https" || scheme == "wss" ? "443" : "80";
}

bool is_label(std::string_view text) {
  constexpr std::string_view known = "abcdefghijklmnopqrstuvwxyz0123456789-_";
  return !text.empty() && text.find_first_not_of(known) == text.npos;
}

/// Returns whether a host is a DNS name. No such name ends in a number: browsers read that as an IPv4 address
/// or reject it.
bool is_name(std::string host) {
  if (host.ends_with('.')) host.pop_back();
  std::vector<std::string> labels;
  boost::algorithm::split(labels, host, boost::algorithm::is_any_of("."));
  return std::ranges::all_of(labels, is_label) &&
         labels.back().find_first_not_of(digits) != std::string::npos;
}

/// Returns the host as browsers write it, except for IPv6, where all spellings of an address become the same.
/// Returns an empty string for an invalid host.
std::string host_of(const boost::urls::url_view& url) {
  std::string host = detail::lower_case(url.encoded_host());
  switch (url.host_type()) {
    case boost::urls::host_type::ipv4:
      return host;
    case boost::urls::host_type::ipv6:
      // An address with a zone is valid only on one machine, so it is no origin.
      return host.find('%') == host.npos ? '[' + url.host_ipv6_address().to_string() + ']' : "";
    case boost::urls::host_type::name:
      return is_name(host) ? host : "";
    default:
      return "";
  }
}

/// Returns whether the hosts of a scheme are DNS names or addresses, with default ports.
bool is_web(std::string_view scheme) {
  return scheme == "http" || scheme == "https" || scheme == "ws" || scheme == "wss";
}

/// Parses the origin of an application that shows its own pages: `app://.`, `tauri://localhost`, or
/// `chrome-extension://` and an ID. The origin of a file has no host.
std::optional<Origin> parse_local(const boost::urls::url_view& url, std::string scheme) {
  constexpr std::string_view known = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
  Origin origin;
  origin.host = detail::lower_case(url.encoded_host());
  if (origin.host.find_first_not_of(known) != std::string::npos) return std::nullopt;
  if (url.has_port()) {
    if (url.port_number() == 0) return std::nullopt;
    origin.port = std::to_string(url.port_number());
  }
  origin.scheme = std::move(scheme);
  return origin;
}

/// Returns an empty string for a port on which no server can listen.
std::string port_of(const boost::urls::url_view& url, std::string_view scheme) {
  if (!url.has_port() || url.port().empty()) return std::string(default_port(scheme));
  const auto number = url.port_number();
  return number == 0 ? "" : std::to_string(number);
}

}  // namespace

std::optional<Origin> parse_origin(std::string_view text) {
  if (text == "null") return Origin();
  const auto url = boost::urls::parse_uri(text);
  if (!url || !url->has_authority() || url->has_userinfo()) return std::nullopt;
  if (!url->encoded_path().empty() || url->has_query() || url->has_fragment()) return std::nullopt;
  std::string scheme = detail::lower_case(url->scheme());
  if (!is_web(scheme)) return parse_local(*url, std::move(scheme));
  Origin origin;
  origin.scheme = std::move(scheme);
  origin.host = host_of(*url);
  origin.port = port_of(*url, origin.scheme);
  if (origin.host.empty() || origin.port.empty()) return std::nullopt;
  return origin;
}

bool is_same_origin(const Origin& origin, const Request& request) {
  if (request.protocol == "https" && origin.scheme != "https") return false;
  if (!is_web(origin.scheme)) return false;
  const auto host = request.headers.get("Host");
  const auto self = host ? parse_origin(origin.scheme + "://" + std::string(*host)) : std::nullopt;
  return self && self->host == origin.host && self->port == origin.port;
}

std::vector<std::pair<std::string, std::string>> cross_origin_fields(const Request& request) {
  const auto origin = request.headers.get("Origin");
  if (!origin) return {};
  return {{"Access-Control-Allow-Origin", std::string(*origin)},
          {"Access-Control-Allow-Credentials", "true"},
          {"Access-Control-Allow-Methods", "GET, POST, OPTIONS"},
          {"Access-Control-Allow-Headers", "Accept, Content-Type"},
          {"Access-Control-Max-Age", "300"},
          {"Vary", "Origin"}};
}

}  // namespace coroom
