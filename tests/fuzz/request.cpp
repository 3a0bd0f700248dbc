// A request of a client. The input: the target in a line, then a header field per line, an empty line, and
// the body.
#include "auth/origin_policy.hpp"
#include "core/grammar.hpp"
#include "core/url_text.hpp"
#include "fuzz/require.hpp"
#include "fuzz/text.hpp"
#include "fuzz/try_input.hpp"
#include "http/target.hpp"
#include "http/trusted_proxies.hpp"
#include "web/set_cookie.hpp"
#include "websocket/client_target.hpp"

#include <coroom/cookie_options.hpp>
#include <coroom/origin.hpp>
#include <coroom/request.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>

namespace coroom::fuzz {
namespace {

using detail::http::parse_target;

void try_target(std::string_view target, Request& request) {
  if (!parse_target(target, request)) {
    require(!target.starts_with('/') || detail::has_space_or_control(target) ||
                target.find('#') != target.npos || std::ranges::count(target, '&') >= 1000,
            "a path that a browser may send is a valid target");
    return;
  }
  require(request.raw_path.starts_with('/') && request.path.starts_with('/'), "a path begins with a slash");
  require(detail::http::percent_decoded(request.raw_path) == request.path, "both paths are the same");
  Request again;
  require(parse_target(detail::http::percent_encoded(request.path), again).has_value(),
          "a path can be encoded");
  require(again.path == request.path, "an encoded path can be decoded");
  if (!target.starts_with('/')) return;
  Request absolute;
  require(parse_target("http://example.org" + std::string(target), absolute).has_value(),
          "a target in origin form is valid in absolute form");
  require(absolute.path == request.path && absolute.query == request.query, "and equal");
}

/// A server understands each target that the client of this library sends.
void try_client_target(std::string_view url) {
  const auto target = detail::websocket::parse_client_target("ws" + std::string(url));
  if (!target) return;
  require(target->path.starts_with('/'), "a client's path begins with a slash");
  Request request;
  require(parse_target(target->path, request).has_value(), "a server understands it");
  request.headers.add("Host", target->authority);
  require(detail::http::check_host(request).has_value(), "a server understands its authority");
}

void try_origin(std::string_view text, const Request& request) {
  const auto origin = parse_origin(text);
  if (origin) {
    const std::string port = origin->port.empty() ? "" : ':' + origin->port;
    const auto again =
        parse_origin(origin->scheme.empty() ? "null" : origin->scheme + "://" + origin->host + port);
    require(again && again->scheme == origin->scheme && again->host == origin->host &&
                again->port == origin->port,
            "an origin has one form");
    std::ignore = is_same_origin(*origin, request);
  }
  if (const auto policy = detail::auth::OriginPolicy::make({std::string(text)}))
    std::ignore = policy->allows(request);
}

void try_proxies(Request& request) {
  for (const char* peer : {"192.0.2.1", "::ffff:10.0.0.1", "fd00::1"}) {
    request.peer = boost::asio::ip::make_address(peer);
    const detail::http::TrustedProxies some(parse_networks({"10.0.0.0/8", "::/0"}).value());
    const detail::http::TrustedProxies none;
    require(unmapped(some.client_of(request)) == some.client_of(request),
            "a mapped IPv4 address is unmapped");
    require(none.client_of(request) == unmapped(request.peer),
            "without trusted proxies, the peer is the client");
    const std::string protocol = some.protocol_of(request);
    require(protocol == "http" || protocol == "https", "there are two protocols");
  }
}

void try_cookie(std::string_view name, std::string_view value) {
  try {
    const std::string field = detail::web::set_cookie(name, value, {});
    require(detail::is_field_value(field), "a cookie is a field's value");
    require(field.starts_with(std::string(name) + '='), "it begins with its name");
  } catch (const std::invalid_argument&) {
    // invalid in a cookie
  }
}

}  // namespace

int try_input(const std::uint8_t* data, std::size_t size) {
  std::string_view text = text_of(data, size);
  const std::string_view target = take_until(text, '\n');
  Request request;
  while (!text.empty()) {
    std::string_view field = take_until(text, '\n');
    if (field.empty()) break;
    const std::string_view name = take_until(field, ':');
    request.headers.add(std::string(name), std::string(field));
  }
  try_target(target, request);
  if (target.starts_with("http")) try_client_target(target.substr(4));
  std::ignore = detail::http::check_host(request);
  if (const auto origin = request.headers.get("Origin")) try_origin(*origin, request);
  try_proxies(request);
  const std::string_view cookie = request.cookie("a").value_or("");
  try_cookie("a", cookie);
  request.method = "POST";
  request.body = std::string(text);
  request.headers.set("Content-Type", "application/x-www-form-urlencoded");
  std::ignore = detail::http::parse_form(request);
  try_cookie(take_until(text, '='), text);
  return 0;
}

}  // namespace coroom::fuzz
