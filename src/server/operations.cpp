#include "server/operations.hpp"

#include "server/metrics.hpp"

#include <openssl/crypto.h>
#include <utility>

namespace coroom::server {
namespace {

/// In a time that does not tell where they differ.
bool are_equal(std::string_view left, std::string_view right) {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

/// A proxy on this machine that nobody told us to trust may speak for anybody.
bool is_from_here(const Request& request) {
  if (!request.remote_ip.is_loopback()) return false;
  if (request.remote_ip != request.peer) return false;
  for (const char* field : {"Forwarded", "X-Forwarded-For", "X-Real-IP"}) {
    if (request.headers.get(field)) return false;
  }
  return true;
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
      set_status(401);
      set_header("WWW-Authenticate", "Bearer");
      co_return write("The metrics are for this machine, or for who has the token of --metrics-token.\n");
    }
    set_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    set_header("Cache-Control", "no-store");
    const Statistics statistics = co_await application().statistics();
    write(metrics_text(statistics, application().counters()));
  }

 private:
  [[nodiscard]] bool is_allowed() const {
    if (is_from_here(request())) return true;
    const auto field = request().headers.get("Authorization");
    return !token_.empty() && field && are_equal(*field, "Bearer " + token_);
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
