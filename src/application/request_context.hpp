#pragma once

#include "http/response.hpp"
#include "limits/address_quota.hpp"

#include <coroom/request.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace coroom::detail::application {

/// A request and its response, as a handler reads and builds them.
class RequestContext {
 public:
  /// The state of the response.
  enum class Phase {
    open,      ///< the handler works on it
    finished,  ///< complete, and sent when the handler's method has ended
    sent       ///< the connection has become a session
  };

  RequestContext(Request asked, std::vector<std::string> groups,
                 std::shared_ptr<limits::AddressQuota> of_address)
      : request(std::move(asked)), path_arguments(std::move(groups)), quota(std::move(of_address)) {}
  RequestContext(const RequestContext&) = delete;
  RequestContext& operator=(const RequestContext&) = delete;
  ~RequestContext() = default;

  /// Moves the response out, and adds the cookies. Those are kept apart, so that an error response sets them
  /// too.
  [[nodiscard]] http::Response take_response();

  /// Frees the body, which must not be read afterwards.
  void forget_body();

  Request request;
  std::vector<std::string> path_arguments;
  http::Response response;
  std::map<std::string, std::string, std::less<>> cookies;  ///< Set-Cookie fields by cookie name
  Phase phase = Phase::open;
  bool tells_allowed = false;                   ///< the response lists the methods of the route
  std::shared_ptr<limits::AddressQuota> quota;  ///< of the client's address; nullptr: no quota
};

}  // namespace coroom::detail::application
