#pragma once

#include "auth/origin_policy.hpp"

#include <coroom/request_handler.hpp>

#include <string_view>
#include <utility>

namespace coroom::server {

/// A JSON endpoint that the page uses beside the chat. Accepts pages of this server and of allowed origins;
/// others get status 403.
class PageCall : public RequestHandler {
 public:
  explicit PageCall(detail::auth::OriginPolicy origins) : origins_(std::move(origins)) {}

  task<> prepare() override;

  /// Answers the preflight request of a browser that posts JSON to another origin.
  task<> options() override;

 protected:
  /// Responds with `{"error":"WHY"}`.
  void refuse(unsigned status, std::string_view why);

 private:
  detail::auth::OriginPolicy origins_;
};

}  // namespace coroom::server
