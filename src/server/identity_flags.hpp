#pragma once

#include "server/options.hpp"

#include <coroom/options.hpp>

#include <optional>
#include <string>
#include <vector>

namespace coroom::server {

/// What the flags of who may enter say, for settle() to put together.
struct IdentityFlags {
  std::string secret;
  std::vector<detail::auth::TokenKey> secrets;
  std::vector<detail::auth::TokenKey> public_keys;
  std::optional<bool> anonymous;
};

/// All arguments outlive the parsing.
void define_identity(coroom::Options& flags, Options& options, IdentityFlags& identity);

/// What they come to. Fails if nobody could enter.
Result<> settle(IdentityFlags& identity, Options& options);

}  // namespace coroom::server
