#include "server/operations.hpp"

#include "core/grammar.hpp"
#include "server/metrics.hpp"

#include <coroom/log.hpp>
#include <coroom/network.hpp>
#include <coroom/origin.hpp>

#include <boost/algorithm/string/trim.hpp>
#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <openssl/crypto.h>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace coroom::server {
namespace {

/// Compares in constant time.
bool are_equal(std::string_view left, std::string_view right) {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

/// Returns whether the client's Host field names localhost or a loopback address.
bool names_this_machine(const Request& request) {
  const auto field = request.headers.get("Host");
  const auto host = field ? parse_origin("http://" + std::string(*field)) : std::nullopt;
  if (!host) return false;
  if (host->host == "localhost") return true;
  boost::system::error_code ec;
  const auto address = boost::asio::ip::make_address(
      boost::algorithm::trim_copy_if(host->host, boost::algorithm::is_any_of("[]")), ec);
  return !ec && address.is_loopback();
}

/// Returns whether the request comes from this machine itself. Two others must be excluded. A proxy on this
/// machine that is not trusted may forward any client. A page from elsewhere, with a DNS name that resolves
/// to this machine, may run in a browser here.
bool is_from_here(const Request& request) {
  if (!request.remote_ip.is_loopback()) return false;
  if (request.remote_ip != unmapped(request.peer)) return false;
  if (!names_this_machine(request)) return false;
  constexpr std::array of_proxies{"Forwarded",         "Via",       "X-Forwarded-For",  "X-Forwarded-Host",
                                  "X-Forwarded-Proto", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP"};
  return std::ranges::none_of(of_proxies,
                              [&](const char* field) { return request.headers.get(field).has_value(); });
}

/// The case of the scheme does not matter (RFC 9110 section 11.1).
bool is_bearer(std::string_view field, std::string_view token) {
  constexpr std::string_view scheme = "Bearer ";
  return field.size() > scheme.size() && detail::starts_with_ignoring_case(field, scheme) &&
         are_equal(field.substr(scheme.size()), token);
}

class HealthHandler final : public RequestHandler {
 public:
  task<> get() override {
    set_header("Content-Type", "application/json");
    set_header("Cache-Control", "no-store");
    write("{}");
    co_return;
  }
};

class MetricsHandler final : public RequestHandler {
 public:
  explicit MetricsHandler(std::string token) : token_(std::move(token)) {}

  task<> get() override {
    if (!is_allowed()) {
      throw HttpError(401,
                      "Metrics require a request from this machine to localhost or 127.0.0.1, or the token "
                      "of --metrics-token.",
                      {{"WWW-Authenticate", "Bearer"}});
    }
    set_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    set_header("Cache-Control", "no-store");
    const Statistics statistics = co_await application().statistics();
    write(metrics_text(statistics, application().counters(), logging::unwritten()));
  }

 private:
  [[nodiscard]] bool is_allowed() const {
    if (is_from_here(request())) return true;
    const auto field = request().headers.get("Authorization");
    return !token_.empty() && field && is_bearer(*field, token_);
  }

  std::string token_;
};

}  // namespace

std::vector<Route> operations_routes(std::string metrics_token) {
  std::vector<Route> routes;
  routes.push_back(route<HealthHandler>("/health"));
  routes.push_back(route<MetricsHandler>("/metrics", std::move(metrics_token)));
  return routes;
}

}  // namespace coroom::server
