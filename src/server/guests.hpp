#pragma once

#include "auth/guest_tokens.hpp"
#include "auth/origin_policy.hpp"

#include <coroom/application.hpp>

#include <memory>

namespace coroom::server {

/// Returns the endpoint /guest. A POST of `{"name":"Ann"}` returns a user with a token:
/// `{"token":"…","user":"guest:…","name":"Ann"}`. With an earlier token in `"token"`, expired or not, the
/// guest keeps its user. An invalid request or name (guest_name.hpp) is answered with status 400 and
/// `{"error":"…"}`. `tokens` is null if guests are not allowed; then the status is 403.
Route guest_route(std::shared_ptr<const detail::auth::GuestTokens> tokens,
                  detail::auth::OriginPolicy origins);

}  // namespace coroom::server
