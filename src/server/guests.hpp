#pragma once

#include "auth/guest_tokens.hpp"
#include "auth/origin_policy.hpp"

#include <coroom/application.hpp>

#include <memory>

namespace coroom::server {

/// The endpoint /guest: who posts `{"name":"Ann"}` is given a user and a token for it,
/// `{"token":"…","user":"guest:…","name":"Ann"}`; with `"token"`, an earlier one, expired or not, the user
/// stays. 400 `{"error":"…"}` for what is no such request or no name (guest_name.hpp). `tokens` is null where
/// nobody enters without a token of somebody else's: then it is 403.
Route guest_route(std::shared_ptr<const detail::auth::GuestTokens> tokens,
                  detail::auth::OriginPolicy origins);

}  // namespace coroom::server
