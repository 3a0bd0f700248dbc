#include "http/router.hpp"

#include <utility>

namespace coroom::http {
namespace {

task<Reply> answer(Response response) {
  co_return Reply(std::move(response));
}

task<Reply> not_allowed(std::string allowed) {
  Response response = text_response(405, "This address answers " + allowed + " only.");
  response.headers.add("Allow", std::move(allowed));
  return answer(std::move(response));
}

}  // namespace

void Router::add(std::string_view method, std::string_view path, Handler handler) {
  routes_.push_back(Route{std::string(method), std::string(path), std::move(handler)});
}

task<Reply> Router::route(Request request) const {
  const std::string method = request.method == "HEAD" ? "GET" : request.method;
  std::string allowed;
  for (const Route& route : routes_) {
    if (route.path != request.path) continue;
    if (route.method == method) return route.handler(std::move(request));
    if (!allowed.empty()) allowed += ", ";
    allowed += route.method == "GET" ? "GET, HEAD" : route.method;
  }
  if (!allowed.empty()) return not_allowed(std::move(allowed));
  if (!fallback_) return answer(text_response(404, "There is nothing at this address."));
  if (method != "GET") return not_allowed("GET, HEAD");
  return fallback_(std::move(request));
}

}  // namespace coroom::http
