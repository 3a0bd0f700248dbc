#pragma once

#include "auth/origin_policy.hpp"

#include <coroom/request_handler.hpp>

#include <string_view>
#include <utility>

namespace coroom::server {

/// What the page asks of the server beside the chat: JSON for pages of this server and of allowed origins.
/// All others get 403.
class PageCall : public RequestHandler {
 public:
  explicit PageCall(detail::auth::OriginPolicy origins) : origins_(std::move(origins)) {}

  task<> prepare() override;

  /// A browser asks before it posts JSON to another origin.
  task<> options() override;

 protected:
  /// Answers `{"error":"WHY"}`.
  void refuse(unsigned status, std::string_view why);

 private:
  detail::auth::OriginPolicy origins_;
};

}  // namespace coroom::server
