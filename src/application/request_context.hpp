#pragma once

#include "application/site.hpp"
#include "http/response.hpp"
#include "limits/address_quota.hpp"

#include <coroom/request.hpp>

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace coroom {
class Application;
}

namespace coroom::detail::application {

/// A request and what becomes of it: what a handler knows and makes.
class RequestContext {
 public:
  /// How far the answer is.
  enum class Phase {
    open,      ///< the handler works on it
    finished,  ///< complete, and sent when the handler's method has ended
    sent       ///< it has become a session
  };

  /// `running` counts those of its route.
  RequestContext(Application& of, const Site& files, Request asked, std::vector<std::string> groups,
                 std::shared_ptr<std::atomic<std::size_t>> running);
  RequestContext(const RequestContext&) = delete;
  RequestContext& operator=(const RequestContext&) = delete;
  ~RequestContext() { --*running_; }

  /// The answer, with the cookies, which stay whatever else is replaced. It is gone then.
  [[nodiscard]] http::Response take_response();

  /// Nobody reads it any more.
  void forget_body();

  Application& application;
  const Site& site;
  Request request;
  std::vector<std::string> path_arguments;
  http::Response response;
  std::map<std::string, std::string, std::less<>> cookies;  ///< Set-Cookie, by the names of the cookies
  Phase phase = Phase::open;
  bool tells_allowed = false;                   ///< the answer lists the methods of the route
  std::shared_ptr<limits::AddressQuota> quota;  ///< of the client's address; nullptr: none is kept

 private:
  std::shared_ptr<std::atomic<std::size_t>> running_;
};

}  // namespace coroom::detail::application
